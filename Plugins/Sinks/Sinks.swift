public import WinnowKit

/// The sinks that are built in.
public enum Sinks {
    /// One line a sink; beside it lies the folder of the sink.
    public static var all: [any Sink.Type] {
        [
            ConsoleSink.self,
            NDJSONSink.self,
            JSONSink.self,
        ]
    }
}
