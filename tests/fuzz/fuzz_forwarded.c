/* First byte: which field; the rest: its value, and a list of proxies.  An
 * untrusted peer is always the reader himself. */
#include <assert.h>

#include "web/client_ip.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const tq_str names[] = { TQ_S_INIT("X-Forwarded-For"),
	    TQ_S_INIT("Forwarded"), TQ_S_INIT("X-Forwarded-Proto") };
	struct tq_addr near = { 4, { 127, 0, 0, 1 } }, far = { 4, { 8 } }, got;
	struct tq_proxies local = { .trusted = { { { near, 32 } }, 1 } }, any;
	struct tq_header h;
	struct tq_err e;

	if (n == 0)
		return 0;
	h = (struct tq_header){ names[p[0] % 3],
	    { (const char *)p + 1, n - 1 } };
	got = tq_client_addr(&local, &far, &h, 1);
	assert(tq_addr_eq(&got, &far));
	assert(!tq_client_https(&local, &far, &h, 1, false));
	got = tq_client_addr(&local, &near, &h, 1);
	assert(got.family == 4 || got.family == 6);
	(void)tq_client_https(&local, &near, &h, 1, true);
	if (tq_proxies_parse(h.value, &any, &e) == TQ_OK)
		for (size_t i = 0; i < any.trusted.n; i++)
			assert(tq_proxies_trust(&any, &any.trusted.list[i].addr));
	return 0;
}
