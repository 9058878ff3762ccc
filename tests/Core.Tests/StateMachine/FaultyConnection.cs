using System.Data;
using Microsoft.Data.Sqlite;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>Which storage call fails next, once: not done at all, or done and yet reported as failed.</summary>
internal sealed class FaultPlan
{
    private int remaining;
    private bool isAfter;

    /// <summary>Whether the fault has struck since it was armed.</summary>
    public bool HasStruck { get; private set; }

    /// <summary>The <paramref name="call"/>-th call from now on fails.</summary>
    public void Arm(int call, bool afterwards) => (remaining, isAfter, HasStruck) = (call, afterwards, false);

    public void Disarm() => remaining = 0;

    public SqliteDataReader Execute(Func<SqliteDataReader> execute)
    {
        if (remaining == 0 || --remaining > 0)
        {
            return execute();
        }

        HasStruck = true;
        if (isAfter)
        {
            execute().Dispose();
        }

        const int inputOutputError = 10;
        throw new SqliteException("a fault of the test", inputOutputError);
    }
}

/// <summary>SQLite on a disk that fails when a plan says so.</summary>
internal sealed class FaultyConnection(string connectionString, FaultPlan plan) : SqliteConnection(connectionString)
{
    public override SqliteCommand CreateCommand() => new FaultyCommand(plan) { Connection = this, Transaction = Transaction };

    private sealed class FaultyCommand(FaultPlan plan) : SqliteCommand
    {
        public override SqliteDataReader ExecuteReader(CommandBehavior behavior) => plan.Execute(() => base.ExecuteReader(behavior));
    }
}
