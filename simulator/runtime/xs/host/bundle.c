/*
 * A bundle's bytecode, executed where it lies: symbols and code stay in the mapped file, as they stay in flash on the
 * device, so that neither takes memory of the heap.
 */
#include "host.h"

typedef struct {
	txByte magic[4];
	uint32_t symbolsSize;
	uint32_t codeSize;
	txByte bytes[];
} Bytecode;

static txScript bundleScript;

static Bytecode* mapBytecode(const char* path)
{
	size_t size;
	Bytecode* bytecode = fileMap(path, &size);
	if (!bytecode || (size < sizeof(Bytecode)) || c_memcmp(bytecode->magic, "XSPB", 4)
			|| ((uint64_t)sizeof(Bytecode) + bytecode->symbolsSize + bytecode->codeSize != (uint64_t)size))
		abortWith(XS_FATAL_CHECK_EXIT, "bundle", "not a bytecode file of this host");
	return bytecode;
}

/* Gives the bundle's symbols their numbers in this machine. */
static txID* internSymbols(txMachine* root, txByte* symbols)
{
	txByte* p = symbols;
	txID count, i;
	txID* ids;
	mxDecodeID(p, count);
	ids = c_malloc((size_t)count * sizeof(txID));
	if (!ids)
		fxAbort(root, XS_NOT_ENOUGH_MEMORY_EXIT);
	ids[0] = XS_NO_ID;
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameX(root, (txString)p);
		p += mxStringLength((char*)p) + 1;
	}
	return ids;
}

/*
 * Writes this machine's symbol numbers into the code and turns functions and strings into the forms that are used in
 * place instead of copied to the heap. gxCodeSizes: a positive size, 0 for an opcode with a symbol, or minus the width
 * of the length that follows.
 */
static void linkCode(txByte* code, uint32_t size, const txID* ids)
{
	txByte* p = code;
	txByte* end = code + size;
	while (p < end) {
		txU1 opcode = *((txU1*)p);
		txS1 length = gxCodeSizes[opcode];
		if ((XS_CODE_CODE_1 <= opcode) && (opcode <= XS_CODE_CODE_4))
			*p = (txByte)(opcode + (XS_CODE_CODE_ARCHIVE_1 - XS_CODE_CODE_1));
		else if ((XS_CODE_STRING_1 <= opcode) && (opcode <= XS_CODE_STRING_4))
			*p = (txByte)(opcode + (XS_CODE_STRING_ARCHIVE_1 - XS_CODE_STRING_1));
		if (length > 0)
			p += length;
		else if (length == 0) {
			txByte* at = ++p;
			txID id;
			mxDecodeID(p, id);
			if (id != XS_NO_ID)
				mxEncodeID(at, ids[id]);
		}
		else if (length == -1)
			p += 2 + *((txU1*)(p + 1));
		else if (length == -2) {
			txU2 count;
			p++;
			mxDecode2(p, count);
			p += count;
		}
		else {
			txS4 count;
			p++;
			mxDecode4(p, count);
			p += count;
		}
	}
}

void bundleOpen(txMachine* root, const char* path)
{
	Bytecode* bytecode = mapBytecode(path);
	txByte* code = bytecode->bytes + bytecode->symbolsSize;
	txID* ids = internSymbols(root, bytecode->bytes);
	linkCode(code, bytecode->codeSize, ids);
	c_free(ids);
	bundleScript.codeBuffer = code;
	bundleScript.codeSize = (txSize)bytecode->codeSize;
	bundleScript.path = MODULE_NAME;
}

size_t bundleSize(void)
{
	return (size_t)bundleScript.codeSize;
}

/* Leaves the bundle's namespace on the stack. */
void bundleImport(txMachine* the)
{
	mxPushStringX(MODULE_NAME);
	fxAwaitImport(the, XS_IMPORT_NAMESPACE);
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	return c_strcmp(slot->value.string, MODULE_NAME) ? XS_NO_ID : fxNewNameX(the, MODULE_NAME);
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	fxResolveModule(the, module, moduleID, &bundleScript, C_NULL, C_NULL);
}
