/*
 * Files in flash: "XSPI", their count, then for each a name of 56 bytes, offset and size (32 bits, little-endian); offsets
 * are from the start of the image.
 */
#include "host.h"
#include "machine.h"

typedef struct {
	char name[56];
	uint32_t offset;
	uint32_t size;
} File;

typedef struct {
	char magic[4];
	uint32_t count;
	File files[];
} Image;

void* fileMap(const char* path, size_t* size)
{
	const Image* image = (const Image*)IMAGE_ADDRESS;
	uint32_t i;
	if (c_memcmp(image->magic, "XSPI", 4))
		return C_NULL;
	for (i = 0; i < image->count; i++) {
		const File* file = &image->files[i];
		if (!c_strncmp(file->name, path, sizeof(file->name))) {
			*size = file->size;
			return (char*)image + file->offset;
		}
	}
	return C_NULL;
}

void filesEach(void (*visit)(const char* name))
{
	const Image* image = (const Image*)IMAGE_ADDRESS;
	uint32_t i;
	for (i = 0; i < image->count; i++)
		(*visit)(image->files[i].name);
}
