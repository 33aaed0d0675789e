extension Count: SteadyMeasure {
    var wanted: Int { atLeast }
    func amount(_ entries: ArraySlice<Window.Entry>) -> Int { entries.count }
}

/// `count` and `rate`: 4 of 5 in 1m, number 5 came 7s late.
struct CountMiss: SteadyMiss {
    let measure: Count

    func held(
        _ window: ArraySlice<Window.Entry>, _ amount: Int, _ span: String, _ scene: Scene
    ) -> String {
        "\(amount) of \(measure.wanted) in \(span)"
    }

    func late(_ last: Window.Entry, _ scene: Scene) -> String { "number \(measure.wanted)" }

    func lacking(
        _ window: ArraySlice<Window.Entry>, all: ArraySlice<Window.Entry>, _ scene: Scene
    ) -> String {
        "\(all.count) in all"
    }
}
