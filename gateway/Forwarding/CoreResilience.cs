using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace KmsGateway.Gateway.Forwarding;

/// <summary>Polly around the hop to the core: two jittered retries of connection faults, and a breaker that spares a core that is away.</summary>
internal sealed class CoreResilience
{
    public CoreResilience(TimeProvider clock) =>
        Pipeline = new ResiliencePipelineBuilder<CoreAnswer> { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions<CoreAnswer>
            {
                ShouldHandle = new PredicateBuilder<CoreAnswer>().Handle<CoreConnectException>(),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(50),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<CoreAnswer>
            {
                ShouldHandle = new PredicateBuilder<CoreAnswer>().Handle<CoreConnectException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
            })
            .Build();

    public ResiliencePipeline<CoreAnswer> Pipeline { get; }
}
