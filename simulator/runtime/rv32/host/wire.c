/*
 * The wire: a serial port of the machine (virtio, OASIS virtio 1.1, 4.2 and 5.3), which takes and gives blocks instead of
 * single bytes. Port 1, not the console at port 0: a console drops what the world has no room for, a port waits. Frames go
 * out as they are; text, a count of instructions and parts of the memory go between them behind a mark in the place of a
 * frame's length. Waiting for the world and moving bytes is the emulation's business, so the instructions that this file
 * takes are not counted.
 */
#include "host.h"
#include "machine.h"

/* Registers of a virtio device in memory, by word. */
enum {
	MAGIC = 0x000 / 4, DEVICE = 0x008 / 4, DRIVER_FEATURES = 0x020 / 4, DRIVER_FEATURES_SELECT = 0x024 / 4,
	QUEUE_SELECT = 0x030 / 4, QUEUE_SIZE = 0x038 / 4, QUEUE_READY = 0x044 / 4, QUEUE_NOTIFY = 0x050 / 4,
	STATUS = 0x070 / 4, DESCRIPTORS = 0x080 / 4, AVAILABLE = 0x090 / 4, USED = 0x0A0 / 4,
};
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8 };
#define SLOTS ((volatile uint32_t*)0x10001000u)
enum { SLOT_WORDS = 0x1000 / 4, SLOT_COUNT = 8, CONSOLE = 3, MAGIC_VALUE = 0x74726976 };

/* One buffer at a time, either way. */
typedef struct {
	struct { uint64_t address; uint32_t length; uint16_t flags, next; } descriptor;
	volatile struct { uint16_t flags, index, ring[1]; } available;
	volatile struct { uint16_t flags, index; struct { uint32_t id, length; } ring[1]; } used __attribute__((aligned(4)));
} Queue;
enum { DEVICE_WRITES = 2 };
enum { CONTROL = 3, RECEIVED = 4, SENT = 5 };
enum { MULTIPORT = 2, DEVICE_READY = 0, PORT_READY = 3, PORT_OPEN = 6, PORT = 1 };

static Queue control __attribute__((aligned(16)));
static Queue received __attribute__((aligned(16)));
static Queue sent __attribute__((aligned(16)));
static volatile uint32_t* device = C_NULL;

static uint8_t input[4096];
static size_t inputStart = 0;
static size_t inputEnd = 0;

/* The counter's instruction is an extension of its own, which the C library is not built for. */
#define READ_COUNTER(name, result) \
	__asm__ volatile(".option push\n.option arch, +zicsr\ncsrr %0, " name "\n.option pop" : "=r"(result))
#define BARRIER() __asm__ volatile("fence rw, rw" ::: "memory")

static uint64_t counted = 0;
static uint64_t since = 0;

static uint64_t instructions(void)
{
	uint32_t high, low, again;
	do {
		READ_COUNTER("instreth", high);
		READ_COUNTER("instret", low);
		READ_COUNTER("instreth", again);
	} while (high != again);
	return ((uint64_t)high << 32) | low;
}

static void startQueue(int number, Queue* queue)
{
	device[QUEUE_SELECT] = number;
	device[QUEUE_SIZE] = 1;
	device[DESCRIPTORS] = (uint32_t)&queue->descriptor;
	device[AVAILABLE] = (uint32_t)&queue->available;
	device[USED] = (uint32_t)&queue->used;
	device[QUEUE_READY] = 1;
}

static void offer(int number, Queue* queue, const void* bytes, size_t count, uint16_t flags)
{
	queue->descriptor.address = (uint32_t)bytes;
	queue->descriptor.length = count;
	queue->descriptor.flags = flags;
	queue->available.ring[0] = 0;
	BARRIER();
	queue->available.index++;
	BARRIER();
	device[QUEUE_NOTIFY] = number;
}

static void waitFor(Queue* queue)
{
	while (queue->used.index != queue->available.index)
		;
	BARRIER();
}

static void tell(uint32_t port, uint16_t event)
{
	struct { uint32_t port; uint16_t event, value; } message = { port, event, 1 };
	offer(CONTROL, &control, &message, sizeof(message), 0);
	waitFor(&control);
}

static void start(void)
{
	int slot;
	for (slot = 0; slot < SLOT_COUNT; slot++) {
		volatile uint32_t* candidate = SLOTS + slot * SLOT_WORDS;
		if ((candidate[MAGIC] == MAGIC_VALUE) && (candidate[DEVICE] == CONSOLE))
			device = candidate;
	}
	device[STATUS] = 0;
	device[STATUS] = ACKNOWLEDGE | DRIVER;
	device[DRIVER_FEATURES_SELECT] = 0;
	device[DRIVER_FEATURES] = MULTIPORT;
	device[DRIVER_FEATURES_SELECT] = 1;
	device[DRIVER_FEATURES] = 1; /* VIRTIO_F_VERSION_1 */
	device[STATUS] |= FEATURES_OK;
	startQueue(CONTROL, &control);
	startQueue(RECEIVED, &received);
	startQueue(SENT, &sent);
	device[STATUS] |= DRIVER_OK;
	tell(0, DEVICE_READY);
	tell(PORT, PORT_READY);
	tell(PORT, PORT_OPEN);
	offer(RECEIVED, &received, input, sizeof(input), DEVICE_WRITES);
}

static void pauseCount(void)
{
	counted += instructions() - since;
	if (!device)
		start();
}

static void resumeCount(void)
{
	since = instructions();
}

void wirePause(void)
{
	pauseCount();
}

void wireResume(void)
{
	resumeCount();
}

/* The emulation's counter starts with the time that QEMU itself took to start. */
void countStart(void)
{
	resumeCount();
}

static void put(const void* bytes, size_t count)
{
	if (!count)
		return;
	offer(SENT, &sent, bytes, count, 0);
	waitFor(&sent);
}

int wireWrite(const void* bytes, size_t count)
{
	struct __attribute__((packed)) { uint32_t mark; uint64_t count; } head = { COUNT_MARK };
	pauseCount();
	head.count = counted;
	put(&head, sizeof(head));
	put(bytes, count);
	resumeCount();
	return 1;
}

/* Nobody can ask a microcontroller. */
int wireWait(void)
{
	return WIRE_READY;
}

int wireRead(void* bytes, size_t count)
{
	uint8_t* p = bytes;
	pauseCount();
	while (count) {
		size_t part = inputEnd - inputStart;
		if (!part) {
			waitFor(&received);
			inputStart = 0;
			inputEnd = received.used.ring[0].length;
			continue;
		}
		if (part > count)
			part = count;
		c_memcpy(p, input + inputStart, part);
		p += part;
		count -= part;
		inputStart += part;
		if (inputStart == inputEnd)
			offer(RECEIVED, &received, input, sizeof(input), DEVICE_WRITES);
	}
	resumeCount();
	return 1;
}

static void putMarked(uint32_t mark, const void* bytes, size_t count)
{
	uint32_t head[2] = { mark, (uint32_t)count };
	pauseCount();
	put(head, sizeof(head));
	put(bytes, count);
	resumeCount();
}

void wireText(const char* text, size_t count)
{
	putMarked(TEXT_MARK, text, count);
}

void wireMemory(const void* bytes, size_t count)
{
	putMarked(MEMORY_MARK, bytes, count);
}

void machineMetrics(char* text, size_t size)
{
	pauseCount();
	resumeCount();
	snprintf(text, size, ",\"cStack\":%u,\"instructions\":%llu", (unsigned)stackPeak(), (unsigned long long)counted);
}
