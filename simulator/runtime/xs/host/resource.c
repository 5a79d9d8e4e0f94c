/*
 * Read-only files beside the firmware, mapped as flash is: a host buffer points at the file's bytes, so that neither
 * the buffer nor a Uint8Array on it takes chunk memory.
 */
#include "host.h"

#define RESOURCE_LIMIT 32

typedef struct {
	char name[64];
	void* bytes;
	txSize size;
} Resource;

static Resource resources[RESOURCE_LIMIT];
static int resourceCount = 0;

/* Takes "name=path"; 0 when the file cannot be mapped. */
int resourceMap(const char* nameAndPath)
{
	const char* equals = strchr(nameAndPath, '=');
	Resource* resource = &resources[resourceCount];
	size_t size;
	if (!equals || (resourceCount == RESOURCE_LIMIT) || ((size_t)(equals - nameAndPath) >= sizeof(resource->name)))
		return 0;
	resource->bytes = fileMap(equals + 1, &size);
	if (!resource->bytes || (size > INT32_MAX))
		return 0;
	c_memcpy(resource->name, nameAndPath, (size_t)(equals - nameAndPath));
	resource->size = (txSize)size;
	resourceCount++;
	return 1;
}

/* resource(name): a read-only host buffer, good for `new Uint8Array(buffer)` and as an argument of natives. */
void resourceGet(txMachine* the)
{
	int index;
	txString name;
	if (mxArgc < 1)
		mxTypeError("no name");
	name = fxToString(the, mxArgv(0));
	for (index = 0; index < resourceCount; index++) {
		if (!c_strcmp(resources[index].name, name)) {
			fxNewHostObject(the, C_NULL);
			mxPullSlot(mxResult);
			fxSetHostBuffer(the, mxResult, resources[index].bytes, resources[index].size);
			fxPetrifyHostBuffer(the, mxResult);
			return;
		}
	}
	mxReferenceError("no resource %s", name);
}
