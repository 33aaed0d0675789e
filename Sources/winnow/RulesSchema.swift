import ArgumentParser
import WinnowRules

/// `winnow rules schema`.
struct RulesSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema of packs, for editors.",
        discussion: """
            Example: winnow rules schema > winnow-pack.schema.json

            In editors with the YAML language server, write this above a pack: \
            # yaml-language-server: $schema=winnow-pack.schema.json
            """)

    func run() { print(PackSchema.json(), terminator: "") }
}
