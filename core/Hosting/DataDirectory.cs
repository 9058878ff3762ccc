using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace KmsGateway.Core.Hosting;

/// <summary>
/// The directory that holds everything, taken by one server at a time. Created 0700; <c>lock</c> names the holder.
/// Source: decisions.md D4.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    /// <summary>Lies there while a backup is being restored; nothing starts on a directory that holds it.</summary>
    internal const string RestoreMark = "restore.unfinished";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    private readonly FileStream lockFile;

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        this.lockFile = lockFile;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Creates the directory when it is absent and takes its lock.</summary>
    /// <exception cref="DataDirectoryInUseException">Another server holds it.</exception>
    [UnsupportedOSPlatform("windows")]
    public static DataDirectory Open(string path, string holder)
    {
        var full = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full, OwnerOnlyDirectory);
        var lockPath = System.IO.Path.Combine(full, "lock");
        FileStream file;
        try
        {
            // Why: FileShare.None takes an advisory flock on Unix that the kernel drops with the process, however it dies.
            file = new FileStream(lockPath, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            });
        }
        catch (IOException exception) when (File.Exists(lockPath))
        {
            throw new DataDirectoryInUseException(full, ReadHolder(lockPath), exception);
        }

        if (File.Exists(System.IO.Path.Combine(full, RestoreMark)))
        {
            file.Dispose();
            throw new IOException($"The data directory {full} holds an interrupted restore; empty it and restore again.");
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{holder} (process {Environment.ProcessId})");
        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
        return new DataDirectory(full, file);
    }

    /// <summary>A path below the directory.</summary>
    public string FilePath(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that only the owner may read, whole or not at all: temporary name, fsync, rename, fsync of the directory.</summary>
    [UnsupportedOSPlatform("windows")]
    public void WriteOwnerOnly(string name, ReadOnlySpan<byte> content)
    {
        var target = FilePath(name);
        var temporary = target + ".new";
        using (var stream = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, target, overwrite: true);
        UnixFiles.FlushDirectory(Path);
    }

    /// <inheritdoc />
    public void Dispose() => lockFile.Dispose();

    private static string ReadHolder(string lockPath)
    {
        try
        {
            return UnixFiles.ReadStart(lockPath);
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}

/// <summary>A second server on the same data; the message names the first.</summary>
public sealed class DataDirectoryInUseException(string path, string holder, Exception inner)
    : IOException($"The data directory {path} is in use by {holder}.", inner);
