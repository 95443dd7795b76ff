/* The public header is C++ too, and the shared library answers. */
#include <taliq/filter.h>

#include <cstdio>

int
main()
{
	taliq_model *m = nullptr;
	taliq_input in = taliq_input();
	taliq_verdict v;

	in.size = sizeof(in);
	in.body.bytes = "hello";
	in.body.len = 5;
	if (taliq_model_new_seeded(&m) != TALIQ_OK ||
	    taliq_classify(m, &in, &v) != TALIQ_OK)
		return 1;
	taliq_model_free(m);
	std::printf("1..1\n%sok 1 - the header is C++ too\n",
	    v.p_spam >= 0 && v.p_spam <= 1 ? "" : "not ");
	return 0;
}
