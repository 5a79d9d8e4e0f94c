/*
 * xs compile SOURCE.js BYTECODE           compiles one bundled module
 * xs run BYTECODE [options]               runs it: calls its export `main`; when that returns a function, calls the
 *                                         function whenever there is nothing left to do, until it says false
 *   --chunks N --slots N --stack N        fixed limits of the heap (bytes, slots, slots); growing where not given
 *   --preload                             imports the bundle as the device's linker does: what it makes lies in flash
 *   --resource NAME=PATH                  a file for resource(NAME)
 *   --image PATH                          writes what is in memory to a file when the run ends by itself
 *
 * Two machines, as on the device. The root is what the linker makes: the built-ins, frozen, and with --preload the
 * bundle's modules; it is shared and read-only. The firmware runs in a clone of it, in the limits given.
 */
#include "host.h"

typedef struct {
	const char* bytecode;
	int preload;
	int chunks;
	int slots;
	int stack;
} Arguments;

void fxCreateMachinePlatform(txMachine* the)
{
}

void fxDeleteMachinePlatform(txMachine* the)
{
}

void fxQueuePromiseJobs(txMachine* the)
{
	the->promiseJobs = 1;
}

static void print(txMachine* the)
{
	if (mxArgc > 0)
		fprintf(stderr, "%s\n", fxToString(the, mxArgv(0)));
}

/* globalThis.host: what the virtual modules "xspos:host" and "#native/..." of the bundle take their exports from. */
static void buildHost(txMachine* the)
{
	txSlot* property;
	const NativeFunction* native;
	mxPush(mxObjectPrototype);
	property = fxLastProperty(the, fxNewObjectInstance(the));
	property = fxNextHostFunctionProperty(the, property, pipeRead, 0, fxID(the, "read"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, pipeWrite, 1, fxID(the, "write"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, print, 1, fxID(the, "print"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, resourceGet, 1, fxID(the, "resource"), XS_DONT_ENUM_FLAG);
	for (native = nativeFunctions; native->name; native++)
		property = fxNextHostFunctionProperty(the, property, native->callback, native->length,
			fxID(the, (txString)native->name), XS_DONT_ENUM_FLAG);
	mxPush(mxGlobal);
	mxSetID(fxID(the, "host"));
	mxPop();
}

static txMachine* createRoot(const Arguments* arguments)
{
	txCreation creation = {
		.initialChunkSize = 1024 * 1024, .incrementalChunkSize = 1024 * 1024,
		.initialHeapCount = 16 * 1024, .incrementalHeapCount = 16 * 1024, .stackCount = 4096,
		.initialKeyCount = 4096, .incrementalKeyCount = 4096, .nameModulo = 1993, .symbolModulo = 127,
		.parserBufferSize = 32 * 1024, .parserTableModulo = 1993,
	};
	txMachine* root = fxCreateMachine(&creation, "root", C_NULL, XS_NO_ID);
	if (!root)
		abortWith(XS_NOT_ENOUGH_MEMORY_EXIT, "memory full", "root");
	fxBeginHost(root);
	{
		txMachine* the = root;
		mxTry(the) {
			buildHost(the);
			flashFreezeBuiltIns(the);
			bundleOpen(the, arguments->bytecode);
			if (arguments->preload)
				bundleImport(the);
		}
		mxCatch(the) {
			fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
		}
	}
	fxEndHost(root);
	if (arguments->preload)
		flashFreezeEverything(root);
	fxShareMachine(root);
	flashDetachChunks(root);
	return root;
}

static txMachine* cloneRoot(txMachine* root, const Arguments* arguments)
{
	txCreation creation = {
		.initialChunkSize = arguments->chunks ? arguments->chunks : 1024 * 1024,
		.incrementalChunkSize = arguments->chunks ? 0 : 1024 * 1024,
		.initialHeapCount = arguments->slots ? arguments->slots : 32 * 1024,
		.incrementalHeapCount = arguments->slots ? 0 : 32 * 1024,
		.stackCount = arguments->stack ? arguments->stack : 4096,
		.initialKeyCount = 256, .incrementalKeyCount = 128, .nameModulo = 1993, .symbolModulo = 127,
		.parserBufferSize = 1024, .parserTableModulo = 127,
	};
	txMachine* the = fxCloneMachine(&creation, root, "firmware", C_NULL);
	if (!the)
		abortWith(XS_NOT_ENOUGH_MEMORY_EXIT, "memory full", "clone");
	return the;
}

static void drainJobs(txMachine* the)
{
	do {
		while (the->promiseJobs) {
			the->promiseJobs = 0;
			fxRunPromiseJobs(the);
		}
		fxEndJob(the);
	} while (the->promiseJobs);
	fxCheckUnhandledRejections(the, 1);
}

static void runFirmware(txMachine* the)
{
	fxBeginHost(the);
	mxTry(the) {
		txSlot* idle;
		bundleImport(the);
		mxDub();
		mxGetID(fxID(the, "main"));
		mxCall();
		mxRunCount(0);
		idle = the->stack;
		drainJobs(the);
		while (fxIsCallable(the, idle)) {
			txBoolean more;
			mxPushUndefined();
			mxPushSlot(idle);
			mxCall();
			mxRunCount(0);
			more = fxToBoolean(the, the->stack);
			mxPop();
			drainJobs(the);
			if (!more)
				break;
		}
	}
	mxCatch(the) {
		fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
	}
	fxEndHost(the);
}

static int usage(const char* message)
{
	fprintf(stderr, "%s\nusage: xs compile SOURCE BYTECODE | xs run BYTECODE [--preload] [--chunks N] [--slots N] "
		"[--stack N] [--resource NAME=PATH]... [--image PATH]\n", message);
	return 2;
}

static int parseArguments(int argc, char* argv[], Arguments* arguments)
{
	int i;
	arguments->bytecode = argv[2];
	for (i = 3; i < argc; i++) {
		const char* value = (i + 1 < argc) ? argv[i + 1] : "";
		int* limit = !strcmp(argv[i], "--chunks") ? &arguments->chunks : !strcmp(argv[i], "--slots") ? &arguments->slots
			: !strcmp(argv[i], "--stack") ? &arguments->stack : C_NULL;
		if (!strcmp(argv[i], "--preload"))
			arguments->preload = 1;
		else if (limit && ((*limit = atoi(value)) > 0))
			i++;
		else if (!strcmp(argv[i], "--resource") && resourceMap(value))
			i++;
		else if (!strcmp(argv[i], "--image") && *value) {
			imageAt(value);
			i++;
		}
		else
			return i;
	}
	return 0;
}

int main(int argc, char* argv[])
{
	Arguments arguments = { 0 };
	int wrong;
	txMachine* the;
	if ((argc == 4) && !strcmp(argv[1], "compile"))
		return compileFile(argv[2], argv[3]);
	if ((argc < 3) || strcmp(argv[1], "run"))
		return usage("no command");
	wrong = parseArguments(argc, argv, &arguments);
	if (wrong)
		return usage(argv[wrong]);
	the = cloneRoot(createRoot(&arguments), &arguments);
	meterStart(the);
	runFirmware(the);
	pipeFlush();
	imageWrite(the);
	meterReport(0);
	return 0;
}
