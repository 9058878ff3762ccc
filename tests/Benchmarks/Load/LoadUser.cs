using System.Text.Json;

namespace KmsGateway.Benchmarks.Load;

/// <summary>Who sends the requests, and under which key: what <c>prepare</c> made and <c>sign</c> needs.</summary>
/// <param name="AccessKeyId">Of a RAM user that one policy with a condition allows to encrypt.</param>
/// <param name="AccessKeySecret">Its secret.</param>
/// <param name="KeyId">A key with the tag that the condition asks for.</param>
internal sealed record LoadUser(string AccessKeyId, string AccessKeySecret, string KeyId)
{
    /// <summary>Reads what <see cref="SaveAsync"/> wrote.</summary>
    public static async Task<LoadUser> LoadAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        return await JsonSerializer.DeserializeAsync<LoadUser>(stream) ?? throw new InvalidDataException($"{file} is empty");
    }

    /// <summary>Writes the file, readable by its owner only.</summary>
    public async Task SaveAsync(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var stream = new FileStream(file, options);
        await JsonSerializer.SerializeAsync(stream, this);
    }
}
