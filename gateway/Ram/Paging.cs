using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using KmsGateway.Gateway.Catalogue;
using KmsGateway.Gateway.Rendering;

namespace KmsGateway.Gateway.Ram;

/// <summary>
/// One page of a list: <c>MaxItems</c> (default 100) and the opaque <c>Marker</c>, which holds the list's name and the sort key
/// of the last item, so that it survives what is made or deleted between two pages.
/// </summary>
/// <param name="List">Name of the list; a marker of another list is refused.</param>
/// <param name="After">Sort key of the last item seen; empty on the first page.</param>
/// <param name="MaxItems">Items on this page.</param>
internal sealed record Paging(string List, string After, int MaxItems)
{
    private const int DefaultItems = 100;
    private const int LongestMarker = 1024;
    private const char Separator = '\n';

    /// <summary>Rows to ask the store for: one more than fits tells whether there is another page.</summary>
    public int Rows => MaxItems + 1;

    /// <summary>Reads both parameters; a bad one is InvalidParameter.</summary>
    public static Paging Read(ActionParameters parameters, string list, int mostItems = 1000)
    {
        var items = parameters.Integer("MaxItems") ?? DefaultItems;
        if (items < 1 || items > mostItems)
        {
            throw GatewayErrors.InvalidParameter.With("MaxItems");
        }

        var marker = parameters.OptionalString("Marker");
        return new Paging(list, marker is null ? string.Empty : Decode(marker, list), (int)items);
    }

    /// <summary>Fills <paramref name="outer"/>/<paramref name="inner"/>, IsTruncated and, when there is more, Marker.</summary>
    public JsonObject Answer<T>(string outer, string inner, IReadOnlyList<T> rows, Func<T, JsonNode> item, Func<T, string> sortKey)
    {
        var isTruncated = rows.Count > MaxItems;
        var answer = new JsonObject
        {
            [outer] = new JsonObject { [inner] = new JsonArray([.. rows.Take(MaxItems).Select(item)]) },
            ["IsTruncated"] = isTruncated,
        };
        if (isTruncated)
        {
            answer["Marker"] = Encode(sortKey(rows[MaxItems - 1]));
        }

        return answer;
    }

    private string Encode(string sortKey) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{List}{Separator}{sortKey}"));

    private static string Decode(string marker, string list)
    {
        if (marker.Length <= LongestMarker && Base64Url.IsValid(marker))
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(marker));
            if (text.Length > list.Length + 1 && text.StartsWith(list, StringComparison.Ordinal) && text[list.Length] == Separator)
            {
                return text[(list.Length + 1)..];
            }
        }

        throw GatewayErrors.InvalidParameter.With("Marker");
    }
}
