using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Wire.Tests.Clients;

namespace KmsGateway.Benchmarks.Load;

/// <summary>
/// <c>prepare --url URL --root ACCESS_KEY_ID --out FILE</c>, secret in <c>KMSGATEWAY_ROOT_SECRET</c>: makes the key and the
/// RAM user of the load, so that a round measures the whole path, a policy with a condition included.
/// </summary>
internal static class Preparation
{
    private const string Policy = """
        {"Version":"1","Statement":[{"Effect":"Allow","Action":["kms:Encrypt","kms:Decrypt"],"Resource":"*","Condition":{"StringEquals":{"kms:tag/Project":"Apollo"}}}]}
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        using var client = new HttpClient { BaseAddress = new Uri(LoadTools.Option(args, "url")) };
        var secret = Environment.GetEnvironmentVariable("KMSGATEWAY_ROOT_SECRET") ?? throw new InvalidOperationException("KMSGATEWAY_ROOT_SECRET is not set");
        var root = new Caller(client, LoadTools.Option(args, "root"), secret);

        var key = await root.CallAsync("2016-01-20", "CreateKey");
        var keyId = (string)key["KeyMetadata"]!["KeyId"]!;
        await root.CallAsync("2016-01-20", "TagResource", ("KeyId", keyId), ("Tags", """[{"TagKey":"Project","TagValue":"Apollo"}]"""));
        await root.CallAsync("2015-05-01", "CreateUser", ("UserName", "load"));
        await root.CallAsync("2015-05-01", "CreatePolicy", ("PolicyName", "load"), ("PolicyDocument", Policy.Trim()));
        await root.CallAsync("2015-05-01", "AttachPolicyToUser", ("UserName", "load"), ("PolicyName", "load"), ("PolicyType", "Custom"));
        var pair = (await root.CallAsync("2015-05-01", "CreateAccessKey", ("UserName", "load")))["AccessKey"]!;
        await new LoadUser((string)pair["AccessKeyId"]!, (string)pair["AccessKeySecret"]!, keyId).SaveAsync(LoadTools.Option(args, "out"));
        return 0;
    }

    private sealed record Caller(HttpClient Client, string AccessKeyId, string Secret)
    {
        public async Task<JsonNode> CallAsync(string version, string action, params (string Name, string Value)[] parameters)
        {
            var form = RpcSigner.Sign(
                "POST", AccessKeyId, Secret, version, action, parameters.ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal));
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
            using var response = await Client.PostAsync(new Uri("/", UriKind.Relative), content);
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{action}: {text}");
        }
    }
}
