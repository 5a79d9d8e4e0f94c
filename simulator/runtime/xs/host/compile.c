/*
 * JavaScript source to bytecode, ahead of the run, with XS's own front end.
 * A bytecode file: "XSPB", the sizes of symbols and code (32 bits, this machine's order), the symbols, the code.
 */
#include "host.h"

static int readByte(void* stream)
{
	return fgetc(stream);
}

static void reportError(void* console, txString path, txInteger line, txString format, c_va_list arguments)
{
	fprintf(stderr, "%s:%d: ", path ? path : "bundle", (int)line);
	vfprintf(stderr, format, arguments);
	fprintf(stderr, "\n");
}

static txScript* compile(FILE* source, const char* path)
{
	txParser parser;
	txParserJump jump;
	txScript* script = C_NULL;
	fxInitializeParser(&parser, C_NULL, 32 * 1024, 1993);
	parser.firstJump = &jump;
	parser.reportError = reportError;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser.path = fxNewParserSymbol(&parser, (txString)path);
		fxParserTree(&parser, source, readByte, mxStrictFlag, C_NULL);
		fxParserHoist(&parser);
		fxParserBind(&parser);
		script = fxParserCode(&parser);
	}
	fxTerminateParser(&parser);
	return script;
}

static int save(const txScript* script, const char* path)
{
	uint32_t sizes[2] = { (uint32_t)script->symbolsSize, (uint32_t)script->codeSize };
	FILE* file = fopen(path, "wb");
	int ok;
	if (!file)
		return 0;
	ok = (fwrite("XSPB", 1, 4, file) == 4) && (fwrite(sizes, sizeof(sizes), 1, file) == 1)
		&& (fwrite(script->symbolsBuffer, 1, sizes[0], file) == sizes[0])
		&& (fwrite(script->codeBuffer, 1, sizes[1], file) == sizes[1]);
	return (fclose(file) == 0) && ok;
}

int compileFile(const char* sourcePath, const char* bytecodePath)
{
	FILE* source = fopen(sourcePath, "rb");
	txScript* script;
	if (!source) {
		fprintf(stderr, "cannot read %s: %s\n", sourcePath, strerror(errno));
		return 1;
	}
	script = compile(source, sourcePath);
	fclose(source);
	if (!script) {
		fprintf(stderr, "cannot compile %s\n", sourcePath);
		return 1;
	}
	if (!save(script, bytecodePath)) {
		fprintf(stderr, "cannot write %s: %s\n", bytecodePath, strerror(errno));
		return 1;
	}
	return 0;
}
