using System.Text;
using KmsGateway.Gateway.Authentication;
using KmsGateway.Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace KmsGateway.Gateway.Tests.Authentication;

/// <summary>Worked examples of the vendor's documents: an algorithm check, since their clocks are years in the past.</summary>
public sealed class SigningVectorsPublishedTests
{
    public static TheoryData<string, string> Published
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, file) in SigningVectorFile.All)
            {
                foreach (var vector in file.Published ?? [])
                {
                    data.Add(name, vector.Id);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void PublishedExample_HasThePublishedSignature(string fileName, string id)
    {
        var vector = SigningVectorFile.All[fileName].Published!.Single(candidate => candidate.Id == id);
        Assert.Equal(vector.Signature, vector.Parameters is null ? Acs3(vector) : Rpc(vector));
    }

    private static string Rpc(PublishedVector vector)
    {
        using var buffer = new CanonicalBuffer();
        RpcStringToSign.Write(buffer, vector.Method, vector.Parameters!.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray());
        Assert.Equal(vector.StringToSign, buffer.ToString());
        var signature = new byte[RpcStringToSign.SignatureBytes];
        RpcStringToSign.Sign(Encoding.UTF8.GetBytes(vector.Secret), buffer.Written, signature);
        return Convert.ToBase64String(signature);
    }

    private static string Acs3(PublishedVector vector)
    {
        var headers = new HeaderDictionary();
        foreach (var header in vector.Headers!)
        {
            headers.Append(header[0], header[1]);
        }

        var pairs = new List<KeyValuePair<string, string>>();
        ParameterDecoder.Decode(Encoding.ASCII.GetBytes(vector.Target!.Split('?', 2)[1]), pairs);
        var signedHeaders = Acs3Authorization.TryParse(vector.Authorization!)!.SignedHeaders;
        using var canonical = new CanonicalBuffer();
        Acs3StringToSign.WriteCanonicalRequest(
            canonical, vector.Method, "/", pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray(), headers, signedHeaders,
            Convert.FromBase64String(vector.BodyBase64 ?? string.Empty));
        using var text = new CanonicalBuffer();
        Acs3StringToSign.WriteStringToSign(text, canonical.Written);
        var signature = new byte[Acs3StringToSign.SignatureBytes];
        Acs3StringToSign.Sign(Encoding.UTF8.GetBytes(vector.Secret), text.Written, signature);
        return Convert.ToHexStringLower(signature);
    }
}
