namespace KmsGateway.Gateway.Ram.Storage;

/// <summary>A group that a user is in.</summary>
internal sealed record JoinedGroup(long Id, string Name, string Comments, long Version, long JoinedAt);

/// <summary>A user that is in a group.</summary>
internal sealed record GroupMember(string Name, string DisplayName, long JoinedAt);

/// <summary>Who is in which group. Joining and leaving raise the user.</summary>
internal static class MembershipTable
{
    public static IReadOnlyList<JoinedGroup> GroupsOf(RamReader reader, long userId) =>
        reader.List<JoinedGroup>(
            """
            SELECT i.identity_id AS Id, i.name AS Name, i.comments AS Comments, i.version AS Version, m.joined_at AS JoinedAt
            FROM group_members m JOIN identities i ON i.identity_id = m.group_id
            WHERE m.user_id = @userId ORDER BY m.joined_at, m.group_id
            """,
            new { userId });

    public static IReadOnlyList<GroupMember> MembersOf(RamReader reader, long groupId, string after, int count) =>
        reader.List<GroupMember>(
            """
            SELECT i.name AS Name, u.display_name AS DisplayName, m.joined_at AS JoinedAt
            FROM group_members m JOIN identities i ON i.identity_id = m.user_id JOIN users u ON u.identity_id = m.user_id
            WHERE m.group_id = @groupId AND i.name_key > @after ORDER BY i.name_key LIMIT @count
            """,
            new { groupId, after, count });

    public static bool HasMembers(RamReader reader, long groupId) =>
        reader.Number("SELECT EXISTS (SELECT 1 FROM group_members WHERE group_id = @groupId)", new { groupId }) > 0;

    public static bool Contains(RamReader reader, long groupId, long userId) =>
        reader.Number(
            "SELECT EXISTS (SELECT 1 FROM group_members WHERE group_id = @groupId AND user_id = @userId)", new { groupId, userId }) > 0;

    public static void Add(RamWriter writer, long groupId, long userId)
    {
        writer.Execute(
            "INSERT INTO group_members (group_id, user_id, joined_at) VALUES (@groupId, @userId, @now)",
            new { groupId, userId, now = writer.Now });
        writer.RaiseIdentity(userId);
    }

    /// <summary>False when the user was not in the group.</summary>
    public static bool Remove(RamWriter writer, long groupId, long userId)
    {
        if (writer.Execute("DELETE FROM group_members WHERE group_id = @groupId AND user_id = @userId", new { groupId, userId }) == 0)
        {
            return false;
        }

        writer.RaiseIdentity(userId);
        return true;
    }
}
