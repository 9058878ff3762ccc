using System.Runtime.Versioning;

// File modes and Unix sockets carry the protection of keys; Program refuses Windows with a sentence.
[assembly: UnsupportedOSPlatform("windows")]
