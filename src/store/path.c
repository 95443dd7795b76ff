/* Places in a thread: see path.h. */
#include "store/path.h"

#include <string.h>

tq_str
tq_path_child(uint8_t *out, tq_str parent_path, int64_t parent, int64_t child)
{
	uint64_t step = (uint64_t)child - (uint64_t)parent;
	size_t bytes = 1;

	if (parent < 0 || child <= parent)
		return (tq_str){ NULL, 0 };
	while (bytes < 8 && step >> (8 * bytes) != 0)
		bytes++;
	if (parent_path.n > TQ_PATH_MAX - 1 - bytes)
		return (tq_str){ NULL, 0 };
	if (parent_path.n > 0)
		memcpy(out, parent_path.p, parent_path.n);
	out[parent_path.n] = (uint8_t)bytes;
	for (size_t i = 0; i < bytes; i++)
		out[parent_path.n + 1 + i] =
		    (uint8_t)(step >> (8 * (bytes - 1 - i)));
	return (tq_str){ (const char *)out, parent_path.n + 1 + bytes };
}
