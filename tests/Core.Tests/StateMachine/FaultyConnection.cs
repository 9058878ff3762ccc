using System.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KmsGateway.Core.Tests.StateMachine;

/// <summary>How a storage call fails.</summary>
public enum FaultKind
{
    None = 0,

    /// <summary>It is not done.</summary>
    Before,

    /// <summary>The database itself turns the next commit into a rollback.</summary>
    AtCommit,

    /// <summary>It is done and yet reported as failed.</summary>
    After,

    /// <summary>A commit is done and yet reported as failed.</summary>
    AfterCommit,
}

/// <summary>A fault to come.</summary>
/// <param name="Call">The how manieth call from now on; commit where commits fail, and always the next for <see cref="FaultKind.AtCommit"/>.</param>
/// <param name="Kind">How it fails.</param>
internal sealed record PlannedFault(int Call, FaultKind Kind);

/// <summary>Which storage call fails next, once.</summary>
internal sealed class FaultPlan
{
    private PlannedFault? planned;
    private int calls;

    /// <summary>Whether the fault has struck since it was armed.</summary>
    public bool HasStruck { get; private set; }

    public void Arm(PlannedFault fault) => (planned, calls, HasStruck) = (fault, 0, false);

    public void Disarm() => planned = null;

    /// <summary>Whether this commit fails.</summary>
    public bool RefusesCommit() => planned is { Kind: FaultKind.AtCommit } && Strike();

    public SqliteDataReader Execute(string sql, Func<SqliteDataReader> execute)
    {
        if (planned is not { } fault || !Strikes(fault, sql))
        {
            return execute();
        }

        Strike();
        if (fault.Kind != FaultKind.Before)
        {
            execute().Dispose();
        }

        const int inputOutputError = 10;
        throw new SqliteException("a fault of the test", inputOutputError);
    }

    private bool Strikes(PlannedFault fault, string sql) => fault.Kind switch
    {
        FaultKind.AtCommit => false,
        FaultKind.AfterCommit => sql == "COMMIT" && ++calls >= fault.Call,
        _ => ++calls >= fault.Call,
    };

    private bool Strike()
    {
        planned = null;
        return HasStruck = true;
    }
}

/// <summary>SQLite on a disk that fails when a plan says so.</summary>
internal sealed class FaultyConnection(string connectionString, FaultPlan plan) : SqliteConnection(connectionString)
{
    public override void Open()
    {
        base.Open();
        raw.sqlite3_commit_hook(Handle, _ => plan.RefusesCommit() ? 1 : 0, null);
    }

    public override SqliteCommand CreateCommand() => new FaultyCommand(plan) { Connection = this, Transaction = Transaction };

    private sealed class FaultyCommand(FaultPlan plan) : SqliteCommand
    {
        public override SqliteDataReader ExecuteReader(CommandBehavior behavior) => plan.Execute(CommandText, () => base.ExecuteReader(behavior));
    }
}
