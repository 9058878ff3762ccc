using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KmsGateway.Benchmarks.Load;

/// <summary>
/// <c>bare --user FILE</c>: the least a server can do for an Encrypt request, the yardstick of the ratio. Kestrel reads the
/// form, one HMAC-SHA1 runs over the text that signature 1.0 signs, one AES-256-GCM seals the plaintext, and the same JSON
/// goes back. No identities, no policies, no replay check, no ticket, no storage, no trail.
/// </summary>
internal static class BareEndpoint
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static async Task<int> RunAsync(string[] args)
    {
        var user = await LoadUser.LoadAsync(LoadTools.Option(args, "user"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        await using var application = builder.Build();
        var secret = Encoding.UTF8.GetBytes($"{user.AccessKeySecret}&");
        // Why: one cipher is not for two threads at once
        var material = RandomNumberGenerator.GetBytes(32);
        using var key = new ThreadLocal<AesGcm>(() => new AesGcm(material, TagBytes));
        var version = Guid.NewGuid().ToString();
        application.MapPost("/", context => AnswerAsync(context, user, secret, key, version));
        await application.StartAsync();
        var addresses = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        Console.WriteLine($"listening on {addresses.Addresses.First()}");
        await application.WaitForShutdownAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context, LoadUser user, byte[] secret, ThreadLocal<AesGcm> key, string version)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!HasGoodSignature(form, secret))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var blob = Seal(key.Value!, version, form["Plaintext"].ToString(), form["EncryptionContext"].ToString());
        var requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.Headers["x-acs-request-id"] = requestId;
        using var body = new MemoryStream(512);
        await using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("CiphertextBlob", Convert.ToBase64String(blob));
            writer.WriteString("KeyId", user.KeyId);
            writer.WriteString("KeyVersionId", version);
            writer.WriteString("RequestId", requestId);
            writer.WriteEndObject();
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }

    private static bool HasGoodSignature(IFormCollection form, byte[] secret)
    {
        var pairs = form.Where(pair => !string.Equals(pair.Key, "Signature", StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal);
        var text = string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}"));
        Span<byte> mine = stackalloc byte[20];
        Span<byte> theirs = stackalloc byte[20];
#pragma warning disable CA5350 // the protocol's algorithm
        HMACSHA1.HashData(secret, Encoding.UTF8.GetBytes($"POST&%2F&{Uri.EscapeDataString(text)}"), mine);
#pragma warning restore CA5350
        return Convert.TryFromBase64String(form["Signature"].ToString(), theirs, out var written)
            && written == mine.Length
            && CryptographicOperations.FixedTimeEquals(mine, theirs);
    }

    private static byte[] Seal(AesGcm key, string version, string plaintext, string encryptionContext)
    {
        // the vendor's layout: version id, nonce, ciphertext, tag
        var head = Encoding.ASCII.GetBytes(version);
        var text = Encoding.UTF8.GetBytes(plaintext);
        var blob = new byte[head.Length + NonceBytes + text.Length + TagBytes];
        head.CopyTo(blob.AsSpan());
        var nonce = blob.AsSpan(head.Length, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        key.Encrypt(nonce, text, blob.AsSpan(head.Length + NonceBytes, text.Length), blob.AsSpan(blob.Length - TagBytes), Encoding.UTF8.GetBytes(encryptionContext));
        return blob;
    }
}
