/*
 * Two machines, as on the device. The root is what the linker makes: the built-ins, frozen, and with `preload` the
 * bundle's modules; it is shared and read-only. The firmware runs in a clone of it, in the limits given.
 */
#include "host.h"

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

/* XS asks the host for a parser at run time (eval, new Function): the device has none. */
txScript* fxParseScript(txMachine* the, void* stream, txGetter getter, txUnsigned flags)
{
	return C_NULL;
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
	property = fxNextHostFunctionProperty(the, property, pipeRequest, 4, fxID(the, "request"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, pipeReply, 1, fxID(the, "reply"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, pipeFields, 1, fxID(the, "receive"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, print, 1, fxID(the, "print"), XS_DONT_ENUM_FLAG);
	property = fxNextHostFunctionProperty(the, property, resourceGet, 1, fxID(the, "resource"), XS_DONT_ENUM_FLAG);
	for (native = nativeFunctions; native->name; native++)
		property = fxNextHostFunctionProperty(the, property, native->callback, native->length,
			fxID(the, (txString)native->name), XS_DONT_ENUM_FLAG);
	mxPush(mxGlobal);
	mxSetID(fxID(the, "host"));
	mxPop();
}

static txMachine* createRoot(const RunArguments* arguments)
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
			fxCollectGarbage(the);
			meterFlash(the, 0);
			bundleOpen(the, arguments->bytecode);
			if (arguments->preload) {
				bundleImport(the);
				fxCollectGarbage(the);
				flashShareHomes(the);
				fxCollectGarbage(the);
				meterFlash(the, 1);
			}
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

static txMachine* cloneRoot(txMachine* root, const RunArguments* arguments)
{
	txCreation creation = {
		.initialChunkSize = arguments->chunks ? arguments->chunks : 1024 * 1024,
		.incrementalChunkSize = arguments->chunks ? 0 : 1024 * 1024,
		.initialHeapCount = arguments->slots ? arguments->slots : 8 * 1024,
		.incrementalHeapCount = arguments->slots ? 0 : 8 * 1024,
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

void runBundle(const RunArguments* arguments, void (*atEnd)(txMachine* the))
{
	txMachine* the = cloneRoot(createRoot(arguments), arguments);
	meterStart(the, arguments->every);
	runFirmware(the);
	pipeFlush();
	if (atEnd)
		(*atEnd)(the);
	meterReport(0);
}
