public import WinnowKit

/// Windows Event Log XML, however it was exported: `wevtutil qe`, Event Viewer, `Get-WinEvent`, and
/// the tools that read .evtx files on other systems.
///
/// - Source: Microsoft's event schema (`eventschema-*` pages of the Win32 documentation) and the
///   exports themselves, which are rarely the documents that the schema describes.
public struct WindowsEvent: Decoder {
    /// Name, summary and kinds.
    public static let spec = DecoderSpec(
        name: "windows_event", format: "windows-xml",
        summary: "Windows Event Log XML as wevtutil, Event Viewer and Get-WinEvent export it",
        kinds: ["windows.event"])

    /// Makes the decoder; event XML carries its zone, so the settings change nothing.
    public init(_ settings: DecoderSettings) {}

    /// Claims XML of any kind, and event XML behind the headers that forwarders and tools write;
    /// refuses a binary .evtx file with the way to export it.
    public func claim(_ head: UnsafeRawBufferPointer, atEnd: Bool) -> Claim {
        EventClaim.judge(head, atEnd: atEnd)
    }

    /// Makes the framer of one input.
    public func makeFramer() -> any Framer { EventFramer() }

    /// Makes a worker's record decoder.
    public func makeRecordDecoder() -> any RecordDecoder { EventDecoder() }
}
