using KmsGateway.Core.Operations;

namespace KmsGateway.Core.Tests.Rewrap;

/// <summary>An operation of the core that stays in its preparation until the test lets it go on.</summary>
/// <param name="inner">The operation.</param>
/// <param name="prepare">What it does before it is held; what it answers is done after.</param>
internal sealed class HeldOperation(IOperation inner, Func<OperationCall, ValueTask<Func<object?>>> prepare) : IPreparedOperation
{
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Held => held.Task;

    public OperationSpec Spec => inner.Spec;

    public void Release() => gate.SetResult();

    public async ValueTask<object?> PrepareAsync(OperationCall call)
    {
        var rest = await prepare(call);
        held.SetResult();
        await gate.Task;
        return rest();
    }

    public OperationResult Execute(OperationCall call) => inner.Execute(call);
}
