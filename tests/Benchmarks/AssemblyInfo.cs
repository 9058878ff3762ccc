using System.Runtime.Versioning;

// file modes; the load comes from wrk
[assembly: SupportedOSPlatform("linux")]
