/* Files on a laptop: mapped, with changes that stay in memory. */
#include "host.h"
#include <fcntl.h>
#include <sys/mman.h>

void* fileMap(const char* path, size_t* size)
{
	struct stat status;
	void* bytes = MAP_FAILED;
	int file = open(path, O_RDONLY);
	if (file < 0)
		return C_NULL;
	if (!fstat(file, &status) && (status.st_size > 0)) {
		*size = (size_t)status.st_size;
		bytes = mmap(C_NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	}
	close(file);
	return bytes == MAP_FAILED ? C_NULL : bytes;
}
