/*
 * What the linker of a device build does: a machine's heap becomes read-only memory that other machines share.
 */
#include "host.h"

typedef void (*SlotVisitor)(txSlot* slot);

static void visitItems(txSlot* array, SlotVisitor visit)
{
	txSlot* item = array->value.array.address;
	txIndex count = item ? (txIndex)(((txChunk*)((txByte*)item - sizeof(txChunk)))->size / sizeof(txSlot)) : 0;
	for (; count; count--, item++)
		(*visit)(item);
}

static void visitHeap(txMachine* root, SlotVisitor visit)
{
	txSlot* heap;
	for (heap = root->firstHeap; heap; heap = heap->next) {
		txSlot* slot;
		for (slot = heap + 1; slot < heap->value.reference; slot++)
			(*visit)(slot);
	}
}

static void freezeProperty(txSlot* property)
{
	property->flag |= XS_DONT_DELETE_FLAG;
	if (property->kind != XS_ACCESSOR_KIND)
		property->flag |= XS_DONT_SET_FLAG;
}

/* Variables (closures) stay open: the sharing machine gives each one that changes a place of its own. */
static void freezeInstance(txSlot* instance)
{
	txSlot* property;
	instance->flag |= XS_DONT_PATCH_FLAG;
	for (property = instance->next; property; property = property->next) {
		if (property->kind == XS_CLOSURE_KIND)
			continue;
		freezeProperty(property);
		if (property->kind == XS_ARRAY_KIND)
			visitItems(property, freezeProperty);
		else if (property->kind == XS_PRIVATE_KIND) {
			txSlot* field;
			for (field = property->value.private.first; field; field = field->next)
				freezeProperty(field);
		}
	}
}

static void freezeTree(txSlot* instance, const txSlot* global)
{
	txSlot* property;
	if (!instance || (instance == global) || (instance->flag & XS_DONT_PATCH_FLAG))
		return;
	freezeInstance(instance);
	freezeTree(instance->value.instance.prototype, global);
	for (property = instance->next; property; property = property->next) {
		if (property->kind == XS_REFERENCE_KIND)
			freezeTree(property->value.reference, global);
		else if (property->kind == XS_ACCESSOR_KIND) {
			freezeTree(property->value.accessor.getter, global);
			freezeTree(property->value.accessor.setter, global);
		}
	}
}

/* All intrinsics, hidden ones too, and what can be reached from them; the global object itself stays open. */
void flashFreezeBuiltIns(txMachine* the)
{
	int index;
	for (index = mxInstanceInspectorsStackIndex + 1; index < mxEmptyCodeStackIndex; index++) {
		txSlot* intrinsic = &the->stackTop[-1 - index];
		if (mxIsReference(intrinsic))
			freezeTree(intrinsic->value.reference, mxGlobal.value.reference);
	}
}

static void freezeSlot(txSlot* slot)
{
	if (slot->kind == XS_INSTANCE_KIND)
		freezeInstance(slot);
}

/* What a preloaded bundle made while it was imported lies in flash: nothing of it can change. */
void flashFreezeEverything(txMachine* the)
{
	txFlag globalFlag = mxGlobal.value.reference->flag;
	visitHeap(the, freezeSlot);
	mxGlobal.value.reference->flag = globalFlag;
}

static txSlot* sharedHome = C_NULL;

/* A slot of the kind that says where a function is at home, if it is the last of the function's. */
static void shareHome(txSlot* slot)
{
	txSlot* home = slot->next;
	if (!home || home->next || (home->kind != XS_HOME_KIND) || (home->ID != XS_NO_ID))
		return;
	if (sharedHome && (sharedHome->flag == home->flag) && (sharedHome->value.home.object == home->value.home.object)
			&& (sharedHome->value.home.module == home->value.home.module))
		slot->next = sharedHome;
	else
		sharedHome = home;
}

/* The SDK's linker lets functions that follow each other share the slot of their home. */
void flashShareHomes(txMachine* the)
{
	sharedHome = C_NULL;
	visitHeap(the, shareHome);
}

static void detachSlot(txSlot* slot)
{
	switch (slot->kind) {
	case XS_STRING_KIND: slot->kind = XS_STRING_X_KIND; break;
	case XS_BIGINT_KIND: slot->kind = XS_BIGINT_X_KIND; break;
	case XS_CODE_KIND: slot->kind = XS_CODE_X_KIND; break;
	case XS_KEY_KIND: slot->kind = XS_KEY_X_KIND; break;
	case XS_CALLBACK_KIND: slot->kind = XS_CALLBACK_X_KIND; break;
	case XS_ARRAY_KIND: visitItems(slot, detachSlot); break;
	default: break;
	}
}

/*
 * Gives every slot that points into the root's chunks the kind of one that points into flash. Without this a value
 * copied out of the shared machine looks like one of the firmware's own, and the firmware's collector moves it.
 */
void flashDetachChunks(txMachine* root)
{
	txSlot* slot;
	visitHeap(root, detachSlot);
	for (slot = root->stack; slot < root->stackTop; slot++)
		detachSlot(slot);
}

static size_t codeSize = 0;

static void addCode(txSlot* slot)
{
	if ((slot->kind == XS_CODE_KIND) || (slot->kind == XS_CODE_X_KIND))
		codeSize += bundleFunction(slot->value.code.address);
}

/* The SDK's linker writes a function's code beside its slot and leaves a preloaded module's own code away. */
size_t flashCode(txMachine* root)
{
	codeSize = 0;
	visitHeap(root, addCode);
	return codeSize;
}

static size_t textsSize = 0;

static void addText(txSlot* slot)
{
	if (((slot->kind == XS_STRING_KIND) || (slot->kind == XS_STRING_X_KIND)) && bundleHolds(slot->value.string))
		textsSize += (size_t)mxStringLength(slot->value.string) + 1;
	else if (slot->kind == XS_ARRAY_KIND)
		visitItems(slot, addText);
}

/* The linker writes them beside the slots. */
size_t flashTexts(txMachine* root)
{
	textsSize = 0;
	visitHeap(root, addText);
	return textsSize;
}
