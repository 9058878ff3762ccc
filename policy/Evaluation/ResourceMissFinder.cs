using KmsGateway.Policy.Documents;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Evaluation;

/// <summary>Which field keeps the closest pattern from covering a resource. Source: simulator.md 4.</summary>
internal static class ResourceMissFinder
{
    internal static ResourceMiss Find(Statement statement, ResourceName resource)
    {
        if (!resource.IsArn && !resource.IsNone)
        {
            return ResourceMiss.Malformed;
        }

        if (statement.IsNotResource)
        {
            return ResourceMiss.Excluded;
        }

        if (resource.IsNone)
        {
            return ResourceMiss.ResourceType;
        }

        var (closest, fewest) = (ResourceMiss.ResourceId, int.MaxValue);
        foreach (var pattern in statement.Resources)
        {
            var (miss, count) = Compare(pattern, resource);
            (closest, fewest) = count < fewest ? (miss, count) : (closest, fewest);
        }

        return closest;
    }

    /// <summary>The first field that differs, and how many do.</summary>
    private static (ResourceMiss Miss, int Count) Compare(ResourcePattern pattern, ResourceName resource)
    {
        var (first, count) = (ResourceMiss.None, 0);
        Note(pattern.Service!.IsMatch(resource.Service), ResourceMiss.Service);
        Note(pattern.Region!.IsMatch(resource.Region), ResourceMiss.Region);
        Note(pattern.Account!.IsMatch(resource.Account), ResourceMiss.Account);
        Note(pattern.RelativeId!.IsMatch(resource.RelativeId), CompareRelative(pattern.Fields!.RelativeId, resource));
        return (first, count);

        void Note(bool isMatch, ResourceMiss miss)
        {
            if (!isMatch)
            {
                first = count++ == 0 ? miss : first;
            }
        }
    }

    private static ResourceMiss CompareRelative(string pattern, ResourceName resource)
    {
        var (wantedType, isWantedContainer) = Split(pattern);
        var (type, isContainer) = Split(resource.RelativeId);
        if (resource.Service is "kms" && wantedType is "alias" && type is "key")
        {
            return ResourceMiss.AliasInsteadOfKey;
        }

        if (!new Wildcard(wantedType.ToString()).IsMatch(type))
        {
            return ResourceMiss.ResourceType;
        }

        return isWantedContainer == isContainer ? ResourceMiss.ResourceId : ResourceMiss.Container;
    }

    /// <summary><c>key/0a1b</c> is a key, <c>key</c> the container of keys.</summary>
    private static TypeOfResource Split(ReadOnlySpan<char> relativeId)
    {
        var slash = relativeId.IndexOf('/');
        return slash < 0 ? new TypeOfResource(relativeId, true) : new TypeOfResource(relativeId[..slash], false);
    }

    private readonly ref struct TypeOfResource(ReadOnlySpan<char> name, bool isContainer)
    {
        private readonly ReadOnlySpan<char> name = name;

        internal void Deconstruct(out ReadOnlySpan<char> type, out bool isItsContainer)
        {
            type = name;
            isItsContainer = isContainer;
        }
    }
}
