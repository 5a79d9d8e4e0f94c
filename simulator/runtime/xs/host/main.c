/*
 * xs compile SOURCE.js BYTECODE           compiles one bundled module
 * xs run BYTECODE [options]               runs it: calls its export `main`; when that returns a function, calls the
 *                                         function whenever there is nothing left to do, until it says false
 *   --chunks N --slots N --stack N        fixed limits of the heap (bytes, slots, slots); growing where not given
 *   --every N                             collects a fixed heap whenever N slots were made: what is alive is known that closely
 *   --preload                             imports the bundle as the device's linker does: what it makes lies in flash
 *   --resource NAME=PATH                  a file for resource(NAME)
 *   --image PATH                          writes what is in memory to a file when the run ends by itself
 */
#include "host.h"

static const char* imagePath = C_NULL;
static FILE* imageFile = C_NULL;

static void imagePart(const void* bytes, size_t count)
{
	fwrite(bytes, 1, count, imageFile);
}

static void imageWrite(txMachine* the)
{
	if (!imagePath)
		return;
	imageFile = fopen(imagePath, "wb");
	if (!imageFile)
		abortWith(1, "no image", strerror(errno));
	imageEach(the, imagePart);
	if (fclose(imageFile))
		abortWith(1, "no image", strerror(errno));
}

static int usage(const char* message)
{
	fprintf(stderr, "%s\nusage: xs compile SOURCE BYTECODE | xs run BYTECODE [--preload] [--chunks N] [--slots N] "
		"[--stack N] [--every N] [--resource NAME=PATH]... [--image PATH]\n", message);
	return 2;
}

static int parseArguments(int argc, char* argv[], RunArguments* arguments)
{
	int i;
	arguments->bytecode = argv[2];
	for (i = 3; i < argc; i++) {
		const char* value = (i + 1 < argc) ? argv[i + 1] : "";
		int* limit = !strcmp(argv[i], "--chunks") ? &arguments->chunks : !strcmp(argv[i], "--slots") ? &arguments->slots
			: !strcmp(argv[i], "--stack") ? &arguments->stack : !strcmp(argv[i], "--every") ? &arguments->every : C_NULL;
		if (!strcmp(argv[i], "--preload"))
			arguments->preload = 1;
		else if (limit && ((*limit = atoi(value)) > 0))
			i++;
		else if (!strcmp(argv[i], "--resource") && resourceMap(value))
			i++;
		else if (!strcmp(argv[i], "--image") && *value) {
			imagePath = value;
			i++;
		}
		else
			return i;
	}
	return 0;
}

int main(int argc, char* argv[])
{
	RunArguments arguments = { 0 };
	int wrong;
	if ((argc == 4) && !strcmp(argv[1], "compile"))
		return compileFile(argv[2], argv[3]);
	if ((argc < 3) || strcmp(argv[1], "run"))
		return usage("no command");
	wrong = parseArguments(argc, argv, &arguments);
	if (wrong)
		return usage(argv[wrong]);
	wireOpen();
	runBundle(&arguments, imageWrite);
	return 0;
}
