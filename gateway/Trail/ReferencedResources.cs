using System.Text.Json;
using KmsGateway.Gateway.Pipeline;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Gateway.Trail;

/// <summary>The resources that a call was judged on, by type, from the ARNs of its checks. Source: audit-and-service-keys.md A2.</summary>
internal static class ReferencedResources
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["key"] = "ACS::KMS::Key",
        ["alias"] = "ACS::KMS::Alias",
        ["secret"] = "ACS::KMS::Secret",
        ["certificate"] = "ACS::KMS::Certificate",
        ["user"] = "ACS::RAM::User",
        ["group"] = "ACS::RAM::Group",
        ["role"] = "ACS::RAM::Role",
        ["policy"] = "ACS::RAM::Policy",
    };

    /// <param name="json">Where to.</param>
    /// <param name="call">Whose.</param>
    /// <param name="owner">Only what this account owns; null for all.</param>
    public static void Write(Utf8JsonWriter json, Call call, string? owner = null)
    {
        var named = Named(call, owner).Distinct().GroupBy(resource => resource.Type, resource => resource.Name, StringComparer.Ordinal).ToArray();
        if (named.Length == 0)
        {
            return;
        }

        json.WriteStartObject("referencedResources");
        foreach (var type in named)
        {
            json.WriteStartArray(type.Key);
            foreach (var name in type)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteString("resourceType", string.Join(';', named.Select(type => type.Key)));
        json.WriteString("resourceName", string.Join(';', named.SelectMany(type => type)));
    }

    private static IEnumerable<(string Type, string Name)> Named(Call call, string? owner)
    {
        foreach (var check in call.Judgement?.Request.Checks ?? [])
        {
            if (Arn.TryParse(check.Resource, out var arn) && (owner is null || arn.Account == owner) && arn.RelativeId.Split('/', 2) is [var kind, var name] && Types.TryGetValue(kind, out var type))
            {
                yield return (type, kind == "alias" ? arn.RelativeId : name);
            }
        }
    }
}
