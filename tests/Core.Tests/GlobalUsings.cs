global using KmsGateway.Tests;
global using Xunit;

// the core runs on Unix only, and so do its tests
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
