/** Where the image lies in the emulated machine (host/machine.h). */
const IMAGE_ADDRESS = "0x84000000";

/**
 * The command that runs a program and an image of files on QEMU's bare 32-bit RISC-V machine: one instruction a tick, so
 * that counts repeat; the UART on standard input and output.
 */
export function machineCommand(program: string, image: string): readonly [command: string, args: readonly string[]] {
  const args = ["-M", "virt", "-cpu", "rv32", "-m", "128M", "-bios", "none", "-icount", "shift=0", "-display", "none"];
  args.push("-monitor", "none", "-serial", "none", "-kernel", program);
  args.push("-global", "virtio-mmio.force-legacy=false", "-device", "virtio-serial-device");
  args.push("-chardev", "stdio,id=wire,signal=off", "-device", "virtserialport,chardev=wire,nr=1");
  args.push("-device", `loader,file=${image},addr=${IMAGE_ADDRESS},force-raw=on`);
  return ["qemu-system-riscv32", args];
}
