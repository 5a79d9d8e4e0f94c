/*
 * How a run ends when it must: one line `abort <reason>: <detail>` on standard error, then the exit status
 * 10 + XS's own number of the reason. JavaScript cannot catch these, as on the device.
 */
#include "host.h"

static const char* const reasons[] = {
	[XS_DEBUGGER_EXIT] = "debugger",
	[XS_NOT_ENOUGH_MEMORY_EXIT] = "memory full",
	[XS_STACK_OVERFLOW_EXIT] = "stack overflow",
	[XS_FATAL_CHECK_EXIT] = "fatal check",
	[XS_DEAD_STRIP_EXIT] = "dead strip",
	[XS_UNHANDLED_EXCEPTION_EXIT] = "unhandled exception",
	[XS_NO_MORE_KEYS_EXIT] = "not enough keys",
	[XS_TOO_MUCH_COMPUTATION_EXIT] = "too much computation",
	[XS_UNHANDLED_REJECTION_EXIT] = "unhandled rejection",
};

static int aborting = 0;

void abortWith(int status, const char* reason, const char* detail)
{
	pipeFlush();
	fprintf(stderr, "abort %s%s%s\n", reason, *detail ? ": " : "", detail);
	meterReport(status == XS_NOT_ENOUGH_MEMORY_EXIT);
	fflush(stderr);
	_exit(10 + status);
}

/* The exception's stack, or what it says, with line ends as " | " so that the reason stays one line. */
static void describeException(txMachine* the, char* text, size_t size)
{
	mxTry(the) {
		mxPush(mxException);
		if (mxIsReference(the->stack)) {
			mxGetID(mxID(_stack));
			if (the->stack->kind == XS_UNDEFINED_KIND) {
				mxPop();
				mxPush(mxException);
			}
		}
		snprintf(text, size, "%s", fxToString(the, the->stack));
		mxPop();
	}
	mxCatch(the) {
		snprintf(text, size, "an exception that cannot be described");
	}
	for (char* c = text; *c; c++)
		if (*c == '\n') *c = '|';
}

/* The functions under way, innermost first: what filled the stack. */
static void describeFrames(txMachine* the, char* text, size_t size)
{
	size_t used = 0;
	for (txSlot* frame = the->frame; frame && (used + 64 < size); frame = frame->next) {
		txSlot* function = frame + 3;
		char* name = C_NULL;
		if (function->kind == XS_REFERENCE_KIND && mxIsFunction(function->value.reference))
			name = fxGetKeyName(the, mxFunctionInstanceCode(function->value.reference)->ID);
		used += snprintf(text + used, size - used, "%s%.40s", used ? " < " : "", name && *name ? name : "?");
	}
}

static void describeMemory(txMachine* the, char* text, size_t size)
{
	int used = snprintf(text, size, "chunks %d of %d bytes, slots %d of %d in ", (int)the->currentChunksSize,
		(int)the->maximumChunksSize, (int)the->currentHeapCount, (int)the->maximumHeapCount);
	describeFrames(the, text + used, size - used);
}

void fxAbort(txMachine* the, int status)
{
	char detail[1024] = "";
	if (!aborting) {
		aborting = 1;
		if (status == XS_UNHANDLED_EXCEPTION_EXIT || status == XS_UNHANDLED_REJECTION_EXIT)
			describeException(the, detail, sizeof(detail));
		else if (status == XS_NOT_ENOUGH_MEMORY_EXIT)
			describeMemory(the, detail, sizeof(detail));
		else if (status == XS_STACK_OVERFLOW_EXIT)
			describeFrames(the, detail, sizeof(detail));
	}
	abortWith(status, reasons[status], detail);
	for (;;);
}
