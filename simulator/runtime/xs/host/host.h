/* The pieces of the host, a file each. */
#ifndef XSPOS_HOST
#define XSPOS_HOST

#include "xsAll.h"
#include "xsScript.h"

/* The one module a bundle holds. */
#define MODULE_NAME "firmware"

/* run.c: a bundle in a machine of its own until the world hangs up; `atEnd` sees what it leaves. */
typedef struct {
	const char* bytecode;
	int preload;
	int chunks;
	int slots;
	int stack;
	int every;
} RunArguments;
void runBundle(const RunArguments* arguments, void (*atEnd)(txMachine* the));

/* meter.c: how much memory the firmware used. */
void meterStart(txMachine* the, int every);
void meterReport(int full);
void meterGauge(void);
/* What a preloaded bundle's names and modules make: called before it is opened and after its import. */
void meterFlash(txMachine* root, int after);

/* image.c: the parts of the firmware's memory, one after the other. */
void imageEach(txMachine* the, void (*visit)(const void* bytes, size_t count));

/* compile.c: source text to bytecode; 0 or an exit status. */
int compileFile(const char* sourcePath, const char* bytecodePath);

/* bundle.c: the bytecode of a bundle, executed in place. */
void bundleOpen(txMachine* root, const char* path);
/* Bytes of its code, of the names that the machine had not before, and of the one function whose code begins there (else 0). */
size_t bundleSize(void);
size_t bundleNames(void);
size_t bundleFunction(const txByte* code);
/* Whether something lies in its code, as texts do. */
int bundleHolds(const void* at);
void bundleImport(txMachine* the);

/* flash.c: what a machine holds turns into read-only memory. */
void flashFreezeBuiltIns(txMachine* root);
void flashFreezeEverything(txMachine* root);
void flashShareHomes(txMachine* root);
void flashDetachChunks(txMachine* root);
/* Bytes of the bundle's code that the machine's functions are made of: what only the modules' start runs is not in it. */
size_t flashCode(txMachine* root);
/* Bytes of the texts that lie in that code and that objects and arrays hold. */
size_t flashTexts(txMachine* root);

/* census.c: slots of a root machine by what they are for; the last kind is what is left. */
enum { CENSUS_FUNCTIONS, CENSUS_ENVIRONMENTS, CENSUS_TABLES, CENSUS_NAMES, CENSUS_VARIABLES, CENSUS_KINDS };
void censusCount(txMachine* root, int* counts);

/* pipe.c: frames on the wire. */
void pipeRead(txMachine* the);
void pipeWrite(txMachine* the);
void pipeRequest(txMachine* the);
void pipeReply(txMachine* the);
void pipeFields(txMachine* the);
const txU1* pipeReceive(txMachine* the, size_t* count);
void pipeForget(void);
void pipeAppend(txMachine* the, const void* bytes, size_t count);
size_t pipeBegin(txMachine* the);
void pipeEnd(txMachine* the, size_t begun, int whole);
void pipeFlush(void);

/* What differs by machine. wire.c: all bytes or 0. files.c: a whole file in memory, writable for this run alone, or NULL. */
int wireRead(void* bytes, size_t count);
int wireWrite(const void* bytes, size_t count);
/* wire.c: waits for something to read, or for somebody who asks how much memory is taken, which only a laptop's wire can tell. */
enum { WIRE_ENDED, WIRE_READY, WIRE_ASKED };
int wireWait(void);
void wireOpen(void);
void* fileMap(const char* path, size_t* size);
/* wire.c: around work that is the emulation's own, where a device has nothing: it is not counted. */
void wirePause(void);
void wireResume(void);
/* wire.c: more fields for the line of metrics, each with a comma before it. */
void machineMetrics(char* text, size_t size);

/* resource.c: read-only files beside the firmware. */
int resourceMap(const char* nameAndPath);
void resourceGet(txMachine* the);

/* abort.c: one line that says why, then the end. */
void abortWith(int status, const char* reason, const char* detail);

/* natives.c, generated: the functions of firmware/native. */
typedef struct {
	const char* name;
	txCallback callback;
	int length;
} NativeFunction;
extern const NativeFunction nativeFunctions[];

#endif
