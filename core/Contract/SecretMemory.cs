using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace KmsGateway.Core.Contract;

/// <summary>
/// Native pages for secrets: locked into memory, left out of core dumps, zeroed when a slot is returned. Slots are powers of
/// two from 32 bytes up to a chunk; larger secrets get pages of their own. Where the system refuses to lock (a limit on
/// locked memory), work goes on and <see cref="LockFailed"/> says so once. Source: crypto-core.md section 7.
/// </summary>
public static partial class SecretMemory
{
    private const int ChunkBytes = 64 * 1024;
    private const int SmallestSlotShift = 5;
    private const int SlotClasses = 12;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>[] FreeSlots = [.. Enumerable.Range(0, SlotClasses).Select(_ => new Stack<nint>())];
    private static int? lockError;
    private static Action<int>? lockFailed;

    /// <summary>Whether every page so far could be locked.</summary>
    public static bool IsLocked => lockError is null;

    /// <summary>
    /// Names who is told, once for the life of the process and with the system's error number, that pages could not be
    /// locked; told at once when that has already happened. A later call replaces an earlier one that was not yet told.
    /// </summary>
    public static void LockFailed(Action<int> tell)
    {
        lock (Gate)
        {
            lockFailed = tell;
            TellOnce();
        }
    }

    internal static nint Rent(int length)
    {
        lock (Gate)
        {
            var slotClass = ClassOf(length);
            if (slotClass >= SlotClasses)
            {
                return Map(length);
            }

            if (!FreeSlots[slotClass].TryPop(out var slot))
            {
                Split(slotClass);
                slot = FreeSlots[slotClass].Pop();
            }

            return slot;
        }
    }

    internal static unsafe void Return(nint slot, int length)
    {
        CryptographicOperations.ZeroMemory(new Span<byte>((void*)slot, length));
        lock (Gate)
        {
            var slotClass = ClassOf(length);
            if (slotClass < SlotClasses)
            {
                FreeSlots[slotClass].Push(slot);
                return;
            }

            _ = MemoryUnmap(slot, (nuint)length);
        }
    }

    private static int ClassOf(int length)
    {
        var slotClass = 0;
        while (length > 1 << (slotClass + SmallestSlotShift) && slotClass < SlotClasses)
        {
            slotClass++;
        }

        return slotClass;
    }

    private static void Split(int slotClass)
    {
        var chunk = Map(ChunkBytes);
        var slotBytes = 1 << (slotClass + SmallestSlotShift);
        for (var offset = ChunkBytes - slotBytes; offset >= 0; offset -= slotBytes)
        {
            FreeSlots[slotClass].Push(chunk + offset);
        }
    }

    private static nint Map(int length)
    {
        const int readWrite = 1 | 2;
        const int privateAnonymous = 2 | 0x20;
        const int leaveOutOfDumps = 16;
        var pages = MemoryMap(0, (nuint)length, readWrite, privateAnonymous, -1, 0);
        if (pages == -1)
        {
            throw new IOException("The system gives no pages for secrets.");
        }

        if (MemoryLock(pages, (nuint)length) != 0)
        {
            lockError ??= Marshal.GetLastPInvokeError();
            TellOnce();
        }

        if (MemoryAdvise(pages, (nuint)length, leaveOutOfDumps) != 0)
        {
            lockError ??= Marshal.GetLastPInvokeError();
            TellOnce();
        }

        return pages;
    }

    private static void TellOnce()
    {
        if (lockError is { } error && lockFailed is { } tell)
        {
            lockFailed = null;
            tell(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mlock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryLock(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvise(nint address, nuint length, int advice);
}
