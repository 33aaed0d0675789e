// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target of ours: Swift 6 mode, warnings are errors, imports say what they expose.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "winnow",
    products: [.executable(name: "winnow", targets: ["winnow"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // System libraries; the Makefile installs their headers where they are missing.
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),

        // The default packs of rules/, inside the binary.
        .target(name: "CBuiltinRules"),

        // Kit <- Rules <- Engine <- winnow -> {Inputs, Decoders, Sinks} -> Kit
        .target(name: "WinnowKit", dependencies: ["CCrypto"], swiftSettings: strict),
        .target(
            name: "WinnowRules",
            dependencies: ["WinnowKit", "CPCRE2", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),
        .target(
            name: "WinnowEngine", dependencies: ["WinnowKit", "WinnowRules"], swiftSettings: strict),
        .target(
            name: "Inputs", dependencies: ["WinnowKit", "CZlib"], path: "Plugins/Inputs",
            swiftSettings: strict),
        .target(
            name: "Decoders", dependencies: ["WinnowKit", "CLibXML2"], path: "Plugins/Decoders",
            swiftSettings: strict),
        .target(
            name: "Sinks", dependencies: ["WinnowKit"], path: "Plugins/Sinks",
            swiftSettings: strict),
        .executableTarget(
            name: "winnow",
            dependencies: [
                "WinnowKit", "WinnowRules", "WinnowEngine", "Inputs", "Decoders", "Sinks",
                "CBuiltinRules",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        .testTarget(name: "WinnowKitTests", dependencies: ["WinnowKit"], swiftSettings: strict),
        .testTarget(
            name: "WinnowRulesTests", dependencies: ["WinnowRules", "WinnowKit"],
            swiftSettings: strict),
        .testTarget(
            name: "WinnowEngineTests",
            dependencies: ["WinnowEngine", "WinnowRules", "WinnowKit", "Decoders", "Inputs"],
            swiftSettings: strict),
        .testTarget(
            name: "DecodersTests", dependencies: ["Decoders", "WinnowKit"], swiftSettings: strict),
        .testTarget(
            name: "InputsTests", dependencies: ["Inputs", "WinnowKit"], swiftSettings: strict),
        .testTarget(
            name: "SinksTests", dependencies: ["Sinks", "WinnowKit"], swiftSettings: strict),
        .testTarget(
            name: "WinnowTests", dependencies: ["winnow", "WinnowKit"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x
)
