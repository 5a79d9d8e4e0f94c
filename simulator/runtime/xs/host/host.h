/* The pieces of the host, a file each. */
#ifndef XSPOS_HOST
#define XSPOS_HOST

#include "xsAll.h"
#include "xsScript.h"

/* The one module a bundle holds. */
#define MODULE_NAME "firmware"

/* meter.c: how much memory the firmware used. */
void meterStart(txMachine* the);
void meterReport(int full);

/* image.c: the firmware's memory in a file when it ends. */
void imageAt(const char* path);
void imageWrite(txMachine* the);

/* compile.c: source text to bytecode; 0 or an exit status. */
int compileFile(const char* sourcePath, const char* bytecodePath);

/* bundle.c: the bytecode of a bundle, executed in place. */
void bundleOpen(txMachine* root, const char* path);
void bundleImport(txMachine* the);

/* flash.c: what a machine holds turns into read-only memory. */
void flashFreezeBuiltIns(txMachine* root);
void flashFreezeEverything(txMachine* root);
void flashDetachChunks(txMachine* root);

/* pipe.c: frames on standard input and output. */
void pipeRead(txMachine* the);
void pipeWrite(txMachine* the);
void pipeFlush(void);

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
