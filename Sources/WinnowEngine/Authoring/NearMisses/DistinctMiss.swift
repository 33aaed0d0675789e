extension Distinct: SteadyMeasure {
    var wanted: Int { atLeast }
    func amount(_ entries: ArraySlice<Window.Entry>) -> Int { different }
}

/// `distinct`: 3 of 4 different values of user in 5m, number 4 (`carol`) came 7s late.
struct DistinctMiss: SteadyMiss {
    let measure: Distinct

    func held(
        _ window: ArraySlice<Window.Entry>, _ amount: Int, _ span: String, _ scene: Scene
    ) -> String {
        "\(amount) of \(measure.wanted) different values of \(scene.field) in \(span)"
    }

    func late(_ last: Window.Entry, _ scene: Scene) -> String {
        let value = last.value ?? ""
        let shown = value.count <= 60 ? value : value.prefix(60) + "…"
        return "number \(measure.wanted) (`\(shown)`)"
    }

    func lacking(
        _ window: ArraySlice<Window.Entry>, all: ArraySlice<Window.Entry>, _ scene: Scene
    ) -> String {
        let values = Set(all.map(\.value)).count
        return "\(values) in all, in \(all.count) record\(all.count == 1 ? "" : "s")"
    }
}
