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

/* Where the code of each function begins, in rising order, and how long it is. */
typedef struct {
	const txByte* code;
	uint32_t size;
} FunctionCode;

static txScript bundleScript;
static FunctionCode* functions = C_NULL;
static size_t functionCount = 0;
static size_t namesSize = 0;

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
		txSize size = mxStringLength((char*)p) + 1;
		txID known = root->keyIndex;
		ids[i] = fxNewNameX(root, (txString)p);
		if (root->keyIndex != known)
			namesSize += (size_t)size;
		p += size;
	}
	return ids;
}

static void addFunction(txMachine* root, const txByte* code, uint32_t size)
{
	if (!(functionCount & (functionCount - 1))) {
		FunctionCode* larger = c_realloc(functions, (functionCount ? 2 * functionCount : 1) * sizeof(FunctionCode));
		if (!larger)
			fxAbort(root, XS_NOT_ENOUGH_MEMORY_EXIT);
		functions = larger;
	}
	functions[functionCount].code = code;
	functions[functionCount].size = size;
	functionCount++;
}

/* A function's code follows its opcode and its size, which is as wide as the opcode says. */
static void foundFunction(txMachine* root, const txByte* p, txU1 opcode)
{
	if (opcode == XS_CODE_CODE_1)
		addFunction(root, p + 2, *((const txU1*)(p + 1)));
	else if (opcode == XS_CODE_CODE_2) {
		txU2 size;
		p++;
		mxDecode2(p, size);
		addFunction(root, p, size);
	}
	else {
		txU4 size;
		p++;
		mxDecode4(p, size);
		addFunction(root, p, size);
	}
}

/*
 * Writes this machine's symbol numbers into the code and turns functions and strings into the forms that are used in
 * place instead of copied to the heap. gxCodeSizes: a positive size, 0 for an opcode with a symbol, or minus the width
 * of the length that follows.
 */
static void linkCode(txMachine* root, txByte* code, uint32_t size, const txID* ids)
{
	txByte* p = code;
	txByte* end = code + size;
	while (p < end) {
		txU1 opcode = *((txU1*)p);
		txS1 length = gxCodeSizes[opcode];
		if ((XS_CODE_CODE_1 <= opcode) && (opcode <= XS_CODE_CODE_4)) {
			foundFunction(root, p, opcode);
			*p = (txByte)(opcode + (XS_CODE_CODE_ARCHIVE_1 - XS_CODE_CODE_1));
		}
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
	linkCode(root, code, bytecode->codeSize, ids);
	c_free(ids);
	bundleScript.codeBuffer = code;
	bundleScript.codeSize = (txSize)bytecode->codeSize;
	bundleScript.path = MODULE_NAME;
}

size_t bundleSize(void)
{
	return (size_t)bundleScript.codeSize;
}

size_t bundleNames(void)
{
	return namesSize;
}

int bundleHolds(const void* at)
{
	return (bundleScript.codeBuffer <= (txByte*)at) && ((txByte*)at < bundleScript.codeBuffer + bundleScript.codeSize);
}

size_t bundleFunction(const txByte* code)
{
	size_t low = 0, high = functionCount;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (functions[middle].code == code)
			return functions[middle].size;
		if (functions[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
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
