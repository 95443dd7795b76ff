/* The seed that is built in (shipped.S). */
#include "filter/modelfile.h"

extern const uint8_t tq_shipped_seed[], tq_shipped_seed_end[];

taliq_status
tq_modelfile_shipped(struct tq_seed *out)
{
	size_t len = (size_t)((uintptr_t)tq_shipped_seed_end -
	    (uintptr_t)tq_shipped_seed);

	*out = (struct tq_seed){ .w = NULL };
	return len == 0 ? TALIQ_OK :
	    tq_modelfile_read_seed(tq_shipped_seed, len, out);
}
