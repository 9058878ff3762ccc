using System.Security.Cryptography;
using System.Text;

namespace KmsGateway.Wire.Tests.Clients;

/// <summary>A call under signature 1.0 that is made many times: all but its nonce and its time is put together once.</summary>
internal sealed class PreparedForm
{
    // Neither can be in an encoded text.
    private const string NoncePlace = "{";
    private const string TimePlace = "}";

    private readonly byte[] secret;

    // Before the nonce, between it and the time, after the time: as sent, and as signed.
    private readonly string[] sent;
    private readonly string[] signed;

    public PreparedForm(string method, string accessKeyId, string secret, string version, string action, IReadOnlyDictionary<string, string> parameters)
    {
        this.secret = Encoding.UTF8.GetBytes($"{secret}&");
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Action"] = action,
            ["Version"] = version,
            ["Format"] = "JSON",
            ["AccessKeyId"] = accessKeyId,
            ["SignatureMethod"] = "HMAC-SHA1",
            ["SignatureVersion"] = "1.0",
        };
        foreach (var (name, value) in parameters)
        {
            all.Add(name, value);
        }

        foreach (var name in all.Keys.ToArray())
        {
            all[name] = RpcSigner.Encode(all[name]);
        }

        all.Add("SignatureNonce", NoncePlace);
        all.Add("Timestamp", TimePlace);
        sent = string.Join('&', all.Select(pair => $"{RpcSigner.Encode(pair.Key)}={pair.Value}")).Split([NoncePlace, TimePlace], StringSplitOptions.None);
        signed = [.. sent.Select(RpcSigner.Encode)];
        signed[0] = $"{method}&%2F&{signed[0]}";
    }

    /// <summary>The form with a nonce of its own, signed now.</summary>
    public string Sign()
    {
        var nonce = RpcSigner.Nonce();
        var time = RpcSigner.Encode(RpcSigner.Timestamp());
        var signature = RpcSigner.Hmac(secret, $"{signed[0]}{nonce}{signed[1]}{RpcSigner.Encode(time)}{signed[2]}");
        return $"{sent[0]}{nonce}{sent[1]}{time}{sent[2]}&Signature={RpcSigner.Encode(signature)}";
    }
}
