using System.Collections.Immutable;
using KmsGateway.Policy.Matching;

namespace KmsGateway.Policy.Linting;

/// <summary>Which things of the key service a Resource list reaches; each kind of thing is asked for once.</summary>
internal sealed class ResourceReach
{
    private static readonly string[] Containers = ["key", "alias", "secret", "certificate"];

    private readonly LintQuestions questions;
    private readonly ImmutableArray<ResourcePattern> resources;
    private readonly ListElement[] relative;
    private readonly bool hasStar;
    private readonly Dictionary<string, bool> known = new(StringComparer.Ordinal);

    internal ResourceReach(LintQuestions questions, ImmutableArray<ResourcePattern> resources)
    {
        this.questions = questions;
        this.resources = resources;
        hasStar = resources.Any(pattern => pattern.IsAny);
        relative = [.. resources.Where(IsOurs).Select(pattern => ListElement.OfRelativeId(pattern.Fields!.RelativeId))];
        Alias = IndexOf(pattern => IsOurs(pattern) && pattern.Fields!.RelativeId.StartsWith("alias", StringComparison.Ordinal));
    }

    /// <summary>Index of the first alias or container of aliases; -1 when there is none.</summary>
    internal int Alias { get; }

    /// <summary>Whether no action can miss, and none is misled.</summary>
    internal bool IsEverything => hasStar && Alias < 0;

    /// <summary>Whether a check of the permission can be on a resource of the list.</summary>
    internal bool CanBeAskedOf(Permission permission) => hasStar || permission.Forms.Any(Reaches);

    /// <summary>Index of the first resource that is everything below a container which the permissions need; -1 when there is none.</summary>
    internal int BelowContainer(IEnumerable<Permission> permissions)
    {
        var needed = permissions.SelectMany(permission => permission.Forms).Intersect(Containers, StringComparer.Ordinal).Select(name => $"{name}/*").ToArray();
        return IndexOf(pattern => IsOurs(pattern) && needed.Contains(pattern.Fields!.RelativeId, StringComparer.Ordinal));
    }

    private static bool IsOurs(ResourcePattern pattern) => !pattern.IsAny && pattern.Service.IsMatch("kms");

    private bool Reaches(string form)
    {
        if (!known.TryGetValue(form, out var isReached))
        {
            // Why yes when cut: a mismatch is reported where it is certain.
            isReached = Array.Exists(relative, element => questions.Overlap(ListElement.OfRelativeId(form), element)) || questions.IsCut;
            known.Add(form, isReached);
        }

        return isReached;
    }

    private int IndexOf(Func<ResourcePattern, bool> test)
    {
        for (var i = 0; i < resources.Length; i++)
        {
            if (test(resources[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
