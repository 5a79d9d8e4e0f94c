export function open(slots) @ "xspos_vault_open";
export function load(memory, slot, bytes) @ "xspos_vault_load";
export function erase(memory, slot) @ "xspos_vault_erase";
export function unwrap(memory, wrappingSlot, algorithm, wrapped, slot) @ "xspos_vault_unwrap";
export function encrypt(memory, slot, algorithm, data) @ "xspos_vault_encrypt";
export function decrypt(memory, slot, algorithm, data) @ "xspos_vault_decrypt";
export function chain(memory, slot, algorithm, initial, data) @ "xspos_vault_chain";
