#!/usr/bin/env python3
"""Runs a statically linked x86-64 Linux program on an emulated processor that has AVX512 (F, BW, VL, DQ, VNNI, VBMI).

    tools/avx512_emulator.py [--file EXTRA ...] [--env K=V ...] [--timeout SECONDS] -- PROGRAM ARGUMENT...

The program's own instruction bytes are executed, whatever the processor of this machine, by the PC emulator Bochs. A Debian kernel
and a small first process (avx512_init.c) are put straight into the emulated memory: no disk, no boot loader and no firmware runs.
PROGRAM and every --file are placed in one folder of the emulated machine under their base names, and the program starts in that folder
with no other environment than --env. Its stdout and stderr arrive here as they are written; its stdin is empty.

Exit code: the program's own; 128 + N if signal N ended it; 124 after --timeout; 125 if the machine could not be prepared or failed.
The machine has one processor. Its time is counted in instructions (50 million a second by default): it says nothing about real speed.
The start takes about five seconds, and the program runs at 20 to 45 million instructions a second: choose small cases.
Bochs listens on a TCP port of 5900 to 5949 (its display, which nothing uses) while it runs: no more than 50 runs at a time.
The kernel and the images are kept in build/avx512-emulator in the repository; the first run downloads the kernel with apt-get.
"""

import argparse
import gzip
import hashlib
import lzma
import os
import re
import selectors
import shutil
import signal
import stat
import struct
import subprocess
import sys
import tempfile
import time

TOOLS = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(os.path.dirname(TOOLS), "build", "avx512-emulator")
INIT_SOURCE = os.path.join(TOOLS, "avx512_init.c")
PACKAGES = ["bochs", "bochsbios", "gcc", "libc6-dev", "lz4"]
KERNEL_PACKAGES = ["linux-image-cloud-amd64", "linux-image-amd64"]

EXIT_TIMEOUT, EXIT_FAILED = 124, 125
HELLO = b"\n@AVX512-EMULATOR-HELLO@"
MIB = 1 << 20
# Emulated physical memory: this image begins at 1 MiB and holds everything that is needed to start.
IMAGE_BASE = BOOT_PARAMS = 1 * MIB
COMMAND_LINE = IMAGE_BASE + 0x1000
STACK_TOP = IMAGE_BASE + 0x4000
PAGE_TABLES = IMAGE_BASE + 0x10000
BOCHS_BLOCK, IMAGE_END_MAGIC = 0x20000, 0x51E4D0A5
FIRMWARE_BASE, FIRMWARE_SIZE = 0xFFFF0000, 0x10000


class EmulatorError(Exception):
    """Something that ends the run with one clear sentence."""


def note(options, text):
    if not options.quiet:
        print("avx512_emulator: " + text, file=sys.stderr, flush=True)


def write_atomically(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = "%s.%d" % (path, os.getpid())
    with open(temporary, "wb") as file:
        file.write(data)
    os.replace(temporary, path)


def read_bytes(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise EmulatorError("cannot read %s: %s" % (path, error.strerror)) from None


def run_quietly(command, what, cwd=None, binary=False):
    """The command's output: text with its stderr in it, or its plain stdout in bytes."""
    try:
        done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.DEVNULL if binary else subprocess.STDOUT)
    except FileNotFoundError:
        raise EmulatorError("%s needs the command '%s', which is not installed" % (what, command[0])) from None
    text = "" if binary else done.stdout.decode(errors="replace")
    if done.returncode != 0:
        raise EmulatorError("%s failed (%s)\n%s" % (what, " ".join(command), text.strip()))
    return done.stdout if binary else text


def kernel_package_names():
    """The packages that hold a kernel, best first: the meta packages only depend on them."""
    text = run_quietly(["apt-cache", "depends"] + KERNEL_PACKAGES, "finding a kernel (run 'apt-get update', or give one with --kernel)")
    names = re.findall(r"Depends: (linux-image-[0-9]\S*)", text)
    if not names:
        raise EmulatorError("no kernel package is known to apt (run 'apt-get update', or give one with --kernel)")
    return names


def download_kernel(options):
    """Unpacks (never installs) a Debian kernel and returns the bytes of its bzImage."""
    os.makedirs(CACHE, exist_ok=True)
    errors = []
    for name in kernel_package_names():
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="kernel-") as folder:
            note(options, "downloading %s (once)" % name)
            try:
                run_quietly(["apt-get", "download", name], "downloading the kernel", cwd=folder)
                packages = [entry for entry in os.listdir(folder) if entry.endswith(".deb")]
                run_quietly(["dpkg-deb", "-x", packages[0], "unpacked"], "unpacking the kernel", cwd=folder)
                boot = os.path.join(folder, "unpacked", "boot")
                image = [entry for entry in os.listdir(boot) if entry.startswith("vmlinuz")][0]
                return read_bytes(os.path.join(boot, image))
            except (EmulatorError, IndexError, OSError) as error:
                errors.append(str(error))
    raise EmulatorError(errors[-1])


def unpack_kernel(image):
    """Returns the ELF kernel inside a bzImage."""
    if image[0x202:0x206] != b"HdrS":
        raise EmulatorError("the kernel is not a bzImage")
    offset, size = struct.unpack_from("<II", image, 0x248)
    offset += (image[0x1F1] or 4) * 512 + 512
    packed = image[offset:offset + size - 4]  # the last four bytes are the unpacked size
    if packed[:4] == b"\x02\x21\x4c\x18":
        with tempfile.NamedTemporaryFile(dir=CACHE) as file:
            file.write(packed)
            file.flush()
            return run_quietly(["lz4", "-dc", file.name], "unpacking the kernel", binary=True)
    if packed[:3] == b"\x1f\x8b\x08":
        return gzip.decompress(packed)
    if packed[:6] == b"\xfd7zXZ\0":
        return lzma.LZMADecompressor().decompress(packed)
    raise EmulatorError("the kernel is compressed in a way other than LZ4, gzip and xz")


def load_kernel(options):
    """Returns (setup header, segments [(physical address, bytes, size in memory)], entry address)."""
    image_path = options.kernel or os.path.join(CACHE, "vmlinuz")
    if not options.kernel and not os.path.exists(image_path):
        write_atomically(image_path, download_kernel(options))
    image = read_bytes(image_path)
    elf_path = os.path.join(CACHE, "vmlinux-" + hashlib.sha256(image).hexdigest()[:16])
    if not os.path.exists(elf_path):
        note(options, "unpacking the kernel (once)")
        write_atomically(elf_path, unpack_kernel(image))
    elf = read_bytes(elf_path)
    if elf[:5] != b"\x7fELF\x02":
        raise EmulatorError("the kernel in %s is not a 64-bit ELF file" % image_path)
    entry, table = struct.unpack_from("<QQ", elf, 24)
    size, count = struct.unpack_from("<HH", elf, 54)
    segments = []
    for index in range(count):
        kind, _, offset, _, physical, in_file, in_memory = struct.unpack_from("<IIQQQQQ", elf, table + index * size)
        if kind == 1:
            segments.append((physical, elf[offset:offset + in_file], in_memory))
    header = image[0x1F1:0x202 + image[0x201]]
    return header, segments, entry


def build_init(options):
    """Compiles the first process, once for each version of its source."""
    source = read_bytes(INIT_SOURCE)
    path = os.path.join(CACHE, "init-" + hashlib.sha256(source).hexdigest()[:16])
    if not os.path.exists(path):
        compilers = [os.environ.get("CC"), "cc", "gcc", "clang"] + ["clang-%d" % version for version in range(25, 13, -1)]
        found = [compiler for compiler in compilers if compiler and shutil.which(compiler)]
        if not found:
            raise EmulatorError("no C compiler was found to compile %s" % os.path.basename(INIT_SOURCE))
        note(options, "compiling the first process (once)")
        os.makedirs(CACHE, exist_ok=True)
        temporary = "%s.%d" % (path, os.getpid())
        run_quietly([found[0], "-O2", "-static", "-o", temporary, INIT_SOURCE], "compiling the first process")
        os.replace(temporary, path)
    return read_bytes(path)


def cpio_entry(index, name, mode, data=b""):
    fields = [index, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def pack_initramfs(init, command, files):
    """files: [(base name, bytes, executable)]; command: the bytes that the first process reads."""
    folder, regular = stat.S_IFDIR | 0o777, stat.S_IFREG | 0o644
    entries = [(name, folder, b"") for name in ("proc", "sys", "dev", "tmp", "job")]
    entries += [("init", regular | 0o111, init), ("command", regular, command)]
    entries += [("job/" + name, regular | (0o111 if executable else 0), data) for name, data, executable in files]
    packed = [cpio_entry(index + 1, *entry) for index, entry in enumerate(entries)]
    return b"".join(packed) + cpio_entry(0, "TRAILER!!!", 0)


def check_program(path):
    """The program's bytes, if it can run alone in the emulated machine."""
    elf = read_bytes(path)
    if elf[:6] != b"\x7fELF\x02\x01" or struct.unpack_from("<H", elf, 18)[0] != 62:
        raise EmulatorError("%s is not an x86-64 Linux program" % path)
    table, = struct.unpack_from("<Q", elf, 32)
    size, count = struct.unpack_from("<HH", elf, 54)
    if any(struct.unpack_from("<I", elf, table + index * size)[0] == 3 for index in range(count)):
        raise EmulatorError("%s is linked dynamically: link it with -static" % path)
    return elf


def collect_job(options):
    """Returns (command, files) for pack_initramfs."""
    name = os.path.basename(options.program)
    files = {name: (name, check_program(options.program), True)}
    for path in options.file:
        base = os.path.basename(path)
        if base in files:
            raise EmulatorError("two files are named %s" % base)
        files[base] = (base, read_bytes(path), os.access(path, os.X_OK))
    for setting in options.env:
        if "=" not in setting:
            raise EmulatorError("--env wants NAME=VALUE, not '%s'" % setting)
    arguments = ["./" + name] + options.arguments
    strings = [str(len(arguments))] + arguments + options.env
    return b"".join(os.fsencode(string) + b"\0" for string in strings), list(files.values())


def firmware(entry, image_end):
    """64 KiB that end at 4 GiB: from the reset vector to 64-bit mode to the kernel, 16, 32 and 64 bit code in turn."""
    gdt = struct.pack("<4Q", 0, 0x00CF9A000000FFFF, 0x00AF9A000000FFFF, 0x00CF92000000FFFF)  # -, 32-bit code, 64-bit code, data
    gdt_at, pointer_at, code32_at, code64_at = 0x800, 0x900, 0x100, 0x200
    code16 = (b"\xfa"                                                       # cli
              + b"\x66\x2e\x0f\x01\x16" + struct.pack("<H", pointer_at)     # lgdt cs:[pointer]
              + b"\x66\xb8\x01\0\0\0\x0f\x22\xc0"                           # mov eax, 1; mov cr0, eax
              + b"\x66\xea" + struct.pack("<IH", FIRMWARE_BASE + code32_at, 0x08))
    # Bochs gives memory to the guest in blocks, in the order of first use, but loads an image in one piece: touch its blocks in order.
    code32 = (b"\x66\xb8\x18\0\x8e\xd8\x8e\xc0\x8e\xd0"                     # mov ax, 0x18; mov ds/es/ss, ax
              + b"\xbe" + struct.pack("<I", IMAGE_BASE)                     # mov esi, base
              + b"\x8a\x06\x81\xc6" + struct.pack("<I", BOCHS_BLOCK)        # again: mov al, [esi]; add esi, block
              + b"\x81\xfe" + struct.pack("<I", image_end) + b"\x72\xf0"    # cmp esi, end; jb again
              + b"\x81\x3d" + struct.pack("<II", image_end - 4, IMAGE_END_MAGIC)  # cmp dword [end - 4], magic
              + b"\x74\x06\xb0\x21\xe6\xe9\xf4\xf4"                         # je over; mov al, '!'; out 0xe9, al; hlt; hlt
              + b"\xb8" + struct.pack("<I", PAGE_TABLES) + b"\x0f\x22\xd8"  # over: mov eax, tables; mov cr3, eax
              + b"\xb8\x20\0\0\0\x0f\x22\xe0"                               # mov eax, PAE; mov cr4, eax
              + b"\xb9\x80\0\0\xc0\x0f\x32\x0d\0\x01\0\0\x0f\x30"           # mov ecx, EFER; rdmsr; or eax, LME; wrmsr
              + b"\xb8\x01\0\0\x80\x0f\x22\xc0"                             # mov eax, PG | PE; mov cr0, eax
              + b"\xea" + struct.pack("<IH", FIRMWARE_BASE + code64_at, 0x10))
    code64 = (b"\xbc" + struct.pack("<I", STACK_TOP)                        # mov esp, stack
              + b"\xbe" + struct.pack("<I", BOOT_PARAMS)                    # mov esi, boot_params
              + b"\xb8" + struct.pack("<I", entry) + b"\xff\xe0")           # mov eax, entry; jmp rax
    rom = bytearray(FIRMWARE_SIZE)
    for at, data in ((0, code16), (code32_at, code32), (code64_at, code64), (gdt_at, gdt),
                     (pointer_at, struct.pack("<HI", len(gdt) - 1, FIRMWARE_BASE + gdt_at)), (0xFFF0, b"\xe9\x0d\0")):  # jmp 0
        rom[at:at + len(data)] = data
    return bytes(rom)


def page_tables():
    """4 GiB mapped to itself in pages of 2 MiB."""
    directories = b"".join(struct.pack("<Q", index << 21 | 0x83) for index in range(4 * 512))
    pointers = b"".join(struct.pack("<Q", PAGE_TABLES + 0x2000 + index * 0x1000 | 3) for index in range(4))
    return struct.pack("<Q", PAGE_TABLES + 0x1000 | 3).ljust(0x1000, b"\0") + pointers.ljust(0x1000, b"\0") + directories


def boot_params(header, memory, initramfs_at, initramfs_size):
    """The page that the Linux boot protocol calls boot_params."""
    page = bytearray(0x1000)
    page[0x1F1:0x1F1 + len(header)] = header
    page[0x210] = 0xFF  # an unregistered boot loader
    struct.pack_into("<II", page, 0x218, initramfs_at, initramfs_size)
    struct.pack_into("<I", page, 0x228, COMMAND_LINE)
    regions = [(0, 0x9F000), (IMAGE_BASE, memory - IMAGE_BASE)]
    page[0x1E8] = len(regions)
    for index, (start, size) in enumerate(regions):
        struct.pack_into("<QQI", page, 0x2D0 + 20 * index, start, size, 1)
    return bytes(page)


def kernel_command_line(options):
    """The shortest start, and no use of what Bochs 2.7 gets wrong: the size of compacted XSAVE areas (which would cost AVX), protection
    keys, and fast string moves announced in CPUID but not in the model specific register (which Linux' memmove does not survive)."""
    skipped = ["ftrace_check_for_weak_functions", "ftrace_check_sync", "tracer_init_tracefs", "init_kprobe_trace", "init_blk_tracer",
               "cubictcp_register", "bpf_rstat_kfunc_init", "kfunc_init", "bpf_prog_test_run_init", "bpf_tcp_ca_kfunc_init",
               "bpf_key_sig_kfuncs_init", "slab_sysfs_init", "load_system_certificate_list", "blake2s_mod_init"]
    words = ["console=ttyS0 quiet loglevel=3 rdinit=/init panic=-1 reboot=t 8250.nr_uarts=1 nokaslr rodata=off mitigations=off",
             "acpi=off pci=off nolapic noapic nosmp no_timer_check tsc=reliable tsc_early_khz=%d" % (options.ips // 1000),
             "lpj=%d nowatchdog audit=0 apparmor=0 cryptomgr.notests norandmaps init_on_alloc=0" % (options.ips // 250),
             "clearcpuid=fsrm,pku,xsavec,xsaves initcall_blacklist=" + ",".join(skipped), options.append]
    return " ".join(words).strip()


def write_machine(options, folder, initramfs):
    header, segments, entry = load_kernel(options)
    kernel_end = max(physical + in_memory for physical, _, in_memory in segments)
    initramfs_at = (kernel_end + 2 * MIB - 1) // MIB * MIB
    end = (initramfs_at + len(initramfs) + 4096) // BOCHS_BLOCK * BOCHS_BLOCK + BOCHS_BLOCK
    memory = options.memory * MIB
    if end + len(initramfs) + 64 * MIB > memory:
        raise EmulatorError("the program and its files do not fit: give --memory %d or more" % ((end + len(initramfs)) // MIB + 128))
    parts = [(BOOT_PARAMS, boot_params(header, memory, initramfs_at, len(initramfs))), (COMMAND_LINE, kernel_command_line(options).encode()),
             (PAGE_TABLES, page_tables()), (initramfs_at, initramfs), (end - 4, struct.pack("<I", IMAGE_END_MAGIC))]
    parts += [(physical, data) for physical, data, _ in segments]
    with open(os.path.join(folder, "memory.img"), "wb") as file:
        for at, data in parts:
            file.seek(at - IMAGE_BASE)
            file.write(data)
    with open(os.path.join(folder, "firmware.rom"), "wb") as file:
        file.write(firmware(entry, end))
    with open(os.path.join(folder, "bochsrc"), "w", encoding="utf-8") as file:
        file.write(bochs_settings(options))
    with open(os.path.join(folder, "debugger.txt"), "w", encoding="utf-8") as file:
        file.write("continue\n")  # Debian's Bochs has its debugger built in, which waits for a command at the start


def bochs_settings(options):
    unused = ("biosdev", "speaker", "extfpuirq", "parallel", "gameport", "iodebug")
    return "\n".join([
        "config_interface: textconfig",
        "display_library: rfb, options=\"timeout=0\"",
        "plugin_ctrl: " + ", ".join(name + "=0" for name in unused),
        "cpu: model=%s, count=1, ips=%d, reset_on_triple_fault=0, ignore_bad_msrs=1" % (options.cpu, options.ips),
        "memory: guest=%d, host=%d" % (options.memory, options.memory),
        "romimage: file=firmware.rom, address=0x%x" % FIRMWARE_BASE,
        "optramimage1: file=memory.img, address=0x%x" % IMAGE_BASE,
        "vga: extension=none, update_freq=1",
        "pci: enabled=0", "ata0: enabled=0", "ata1: enabled=0", "boot: disk",
        "clock: sync=none, time0=utc",
        "com1: enabled=1, mode=file, dev=console.txt",
        "port_e9_hack: enabled=1",
        "log: bochs.txt", "panic: action=fatal", "error: action=report", "info: action=%s" % ("report" if options.keep else "ignore"),
        "debug: action=ignore", ""])


class Machine:
    """One run of the emulator: reads the frames that the first process sends."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.buffer, self.greeted = b"", False
        self.started = time.monotonic()
        self.booted_at = self.boot_clock = self.status = None

    def run(self):
        errors = open(os.path.join(self.folder, "stderr.txt"), "wb")
        try:
            process = subprocess.Popen([self.options.bochs, "-q", "-f", "bochsrc", "-rc", "debugger.txt"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=errors, start_new_session=True)
        finally:
            errors.close()
        try:
            return self.follow(process.stdout)
        finally:
            self.stop(process)

    @staticmethod
    def stop(process):
        """An interrupt brings Bochs' debugger, which meets the end of its input and leaves, with all files complete."""
        process.send_signal(signal.SIGINT)
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def follow(self, stream):
        deadline = self.started + self.options.timeout
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while self.status is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    where = "the program" if self.booted_at else "the emulated machine's start"
                    print("avx512_emulator: %s did not end within %g seconds" % (where, self.options.timeout), file=sys.stderr)
                    return EXIT_TIMEOUT
                if selector.select(min(left, 1.0)):
                    data = os.read(stream.fileno(), 1 << 16)
                    if not data:
                        raise EmulatorError("the emulated machine stopped before the program ended\n" + self.last_words())
                    self.buffer += data
                    self.take_frames()
        return self.finish()

    def last_words(self):
        """What the kernel's console and the emulator said last."""
        lines = []
        for name in ("console.txt", "bochs.txt", "stderr.txt"):
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                told = [line for line in read_bytes(path).decode(errors="replace").splitlines()
                        if not re.search(r"lt_dlhandle|PLUGIN\]|(RD|WR)MSR|^=+$|^$", line)]
                lines += ["  %s: %s" % (name, line) for line in told[-12:]]
        return "\n".join(lines)

    def take_frames(self):
        if not self.greeted:
            at = self.buffer.find(HELLO)
            if at < 0:
                return
            self.greeted, self.buffer = True, self.buffer[at + len(HELLO):]
        while len(self.buffer) >= 5 and self.status is None:
            size, = struct.unpack_from("<I", self.buffer, 1)
            if size > MIB:
                raise EmulatorError("the emulated machine sent something that is not a frame")
            if len(self.buffer) < 5 + size:
                return
            kind, payload, self.buffer = self.buffer[:1], self.buffer[5:5 + size], self.buffer[5 + size:]
            self.take_frame(kind, payload)

    def take_frame(self, kind, payload):
        if kind in (b"O", b"E"):
            stream = sys.stdout if kind == b"O" else sys.stderr
            stream.buffer.write(payload)
            stream.flush()
        elif kind == b"B":
            self.booted_at, (self.boot_clock,) = time.monotonic(), struct.unpack("<Q", payload)
            note(self.options, "the machine started in %.1f s (%s); the program runs" % (
                self.booted_at - self.started, self.speed(self.boot_clock, self.booted_at - self.started)))
        elif kind == b"X":
            self.status, _, self.end_clock = struct.unpack("<iIQ", payload)
        else:
            raise EmulatorError("the emulated machine failed: " + payload.decode(errors="replace"))

    @staticmethod
    def speed(instructions, seconds):
        return "%.0f million instructions, %.0f MIPS" % (instructions / 1e6, instructions / 1e6 / max(seconds, 1e-6))

    def finish(self):
        seconds = time.monotonic() - self.booted_at
        signalled = os.WIFSIGNALED(self.status)
        code = 128 + os.WTERMSIG(self.status) if signalled else os.WEXITSTATUS(self.status)
        if signalled:
            number = os.WTERMSIG(self.status)
            name = signal.Signals(number).name if number in set(signal.Signals) else "real time"
            print("avx512_emulator: the program was ended by signal %d (%s)" % (number, name), file=sys.stderr)
        note(self.options, "the program ended with code %d after %.1f s (%s)" % (
            code, seconds, self.speed(self.end_clock - self.boot_clock, seconds)))
        return code


def run_program(options):
    command, files = collect_job(options)
    if shutil.which(options.bochs) is None:
        raise EmulatorError("the emulator '%s' is not installed: run this tool with --install" % options.bochs)
    initramfs = pack_initramfs(build_init(options), command, files)
    os.makedirs(CACHE, exist_ok=True)
    folder = tempfile.mkdtemp(dir=CACHE, prefix="run-")
    try:
        write_machine(options, folder, initramfs)
        note(options, "starting a %s with %d MiB" % (options.cpu, options.memory))
        return Machine(options, folder).run()
    finally:
        if options.keep:
            note(options, "kept " + os.path.relpath(folder))
        else:
            shutil.rmtree(folder, ignore_errors=True)


def parse_arguments(argv):
    split = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     usage="%(prog)s [options] -- PROGRAM [ARGUMENT ...]")
    parser.add_argument("--file", action="append", default=[], metavar="EXTRA", help="another file to put beside the program")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="a setting in the program's environment")
    parser.add_argument("--timeout", type=float, default=600, metavar="SECONDS", help="real time for the start and the program (600)")
    parser.add_argument("--memory", type=int, default=512, metavar="MIB", help="memory of the emulated machine (512; at most 2048)")
    parser.add_argument("--cpu", default="corei7_icelake_u", help="processor model, see 'bochs --help cpu' (corei7_icelake_u)")
    parser.add_argument("--ips", type=int, default=50000000, help="instructions in a second of emulated time (50000000)")
    parser.add_argument("--bochs", default="bochs-bin", metavar="COMMAND", help="the emulator (bochs-bin, of Debian)")
    parser.add_argument("--kernel", metavar="BZIMAGE", help="a kernel other than Debian's")
    parser.add_argument("--append", default="", metavar="WORDS", help="more words for the kernel's command line")
    parser.add_argument("--keep", action="store_true", help="keep the run's folder, with Bochs' log and the kernel's console")
    parser.add_argument("--quiet", action="store_true", help="no progress messages")
    parser.add_argument("--deps", action="store_true", help="print the Debian packages that are needed, and end")
    parser.add_argument("--install", action="store_true", help="install these packages with apt-get (as root), and end")
    options = parser.parse_args(argv[:split])
    job = argv[split + 1:]
    if not job and not (options.deps or options.install):
        parser.error("name the program to run after '--'")
    options.program, options.arguments = (job[0], job[1:]) if job else (None, [])
    return options


def main():
    options = parse_arguments(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the emulator is stopped, too
    try:
        if options.install:
            run_quietly(["apt-get", "install", "-y", "--no-install-recommends"] + PACKAGES, "installing the packages")
        if options.deps or options.install:
            print(" ".join(PACKAGES))
            return 0
        return run_program(options)
    except EmulatorError as error:
        print("avx512_emulator: %s" % error, file=sys.stderr)
        return EXIT_FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
