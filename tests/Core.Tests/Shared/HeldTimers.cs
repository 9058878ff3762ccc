using System.Collections.Concurrent;

namespace KmsGateway.Core.Tests;

/// <summary>A clock whose timers elapse when the test says so, and never by themselves.</summary>
internal sealed class HeldTimers : TimeProvider
{
    private readonly ConcurrentDictionary<Timer, byte> timers = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timers[timer] = 0;
        return timer;
    }

    /// <summary>Has all that wait elapse, each once; how many there were.</summary>
    public int Elapse()
    {
        var waiting = timers.Keys.Where(timer => timers.TryRemove(timer, out _)).ToArray();
        foreach (var timer in waiting)
        {
            timer.Callback();
        }

        return waiting.Length;
    }

    private sealed class Timer(HeldTimers owner, Action callback) : ITimer
    {
        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => owner.timers.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
