using System.Runtime.Versioning;
using Xunit;

// every class starts programs of its own; two at once would only measure each other on two cores
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// file modes and signals
[assembly: SupportedOSPlatform("linux")]
