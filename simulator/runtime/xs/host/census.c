/*
 * What the slots of a root machine are for. What a bundle adds to a kind is the count after its import less the count before it.
 */
#include "host.h"

/* The slots of one instance: itself and the list of its properties. The home of a function is counted elsewhere: many share one. */
static void countInstance(const txSlot* instance, int* counts)
{
	const txSlot* slot = instance->next;
	int kind = CENSUS_TABLES;
	if (mxIsFunction(instance))
		kind = CENSUS_FUNCTIONS;
	else if (slot && (slot->flag & XS_INTERNAL_FLAG) && (slot->ID == XS_ENVIRONMENT_BEHAVIOR) && (slot->kind == XS_UNDEFINED_KIND))
		kind = CENSUS_ENVIRONMENTS;
	counts[kind]++;
	for (; slot; slot = slot->next) {
		counts[kind] += (slot->kind != XS_HOME_KIND);
		if ((slot->kind == XS_KEY_KIND) || (slot->kind == XS_KEY_X_KIND))
			counts[CENSUS_NAMES]--;
	}
}

void censusCount(txMachine* root, int* counts)
{
	txSlot* heap;
	int kind;
	for (kind = 0; kind < CENSUS_KINDS; kind++)
		counts[kind] = 0;
	for (heap = root->firstHeap; heap; heap = heap->next) {
		txSlot* slot;
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			if (slot->kind == XS_INSTANCE_KIND)
				countInstance(slot, counts);
			else if ((slot->kind == XS_KEY_KIND) || (slot->kind == XS_KEY_X_KIND))
				counts[CENSUS_NAMES]++;
			else if (slot->kind == XS_HOME_KIND)
				counts[CENSUS_FUNCTIONS]++;
		}
	}
	/* What no instance has and no name is: the places of variables that functions see. */
	counts[CENSUS_VARIABLES] = (int)root->currentHeapCount;
	for (kind = 0; kind < CENSUS_VARIABLES; kind++)
		counts[CENSUS_VARIABLES] -= counts[kind];
}
