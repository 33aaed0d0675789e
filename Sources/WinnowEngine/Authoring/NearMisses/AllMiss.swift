extension AllEvents: SteadyMeasure {
    var wanted: Int { events.count }
    func amount(_ entries: ArraySlice<Window.Entry>) -> Int { present }
}

/// `all`: 2 of 3 in 10m (died, full), started came 7s late.
struct AllMiss: SteadyMiss {
    let measure: AllEvents

    func held(
        _ window: ArraySlice<Window.Entry>, _ amount: Int, _ span: String, _ scene: Scene
    ) -> String {
        let found = Set(window.map(\.event))
        let names = measure.events.filter(found.contains).map(scene.event)
        return "\(amount) of \(measure.wanted) in \(span) (\(names.joined(separator: ", ")))"
    }

    func late(_ last: Window.Entry, _ scene: Scene) -> String { scene.event(last.event) }

    func lacking(
        _ window: ArraySlice<Window.Entry>, all: ArraySlice<Window.Entry>, _ scene: Scene
    ) -> String {
        let near = Set(window.map(\.event))
        let ever = Set(all.map(\.event))
        return measure.events.filter { !near.contains($0) }.map {
            ever.contains($0) ? "\(scene.event($0)) only at other times" : "no \(scene.event($0))"
        }.joined(separator: ", ")
    }
}
