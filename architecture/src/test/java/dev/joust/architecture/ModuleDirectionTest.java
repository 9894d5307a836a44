// SPDX-License-Identifier: Apache-2.0
package dev.joust.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

/// Modules are a chain, each sees only what stands before it; what is internal to one is seen by it alone.
class ModuleDirectionTest {
    /// In the order of the chain. The front door `dev.joust.Joust` belongs to search.
    private static final List<String> CHAIN =
            List.of("io", "format", "index", "search", "embed", "pictures", "http", "cli");

    /// Modules beside the chain, and the last of the chain that each sees. (lance-io-s3 is a part of io.)
    private static final Map<String, String> LEAVES = Map.of("interop", "search");

    @Test
    void everyModuleOfTheChainHasClasses() {
        for (String module : CHAIN) {
            assertTrue(
                    ProductClasses.ALL.stream().anyMatch(type -> module.equals(moduleOf(type.getPackageName()))),
                    "no classes of dev.joust." + module + " were found: the other rules would hold for nothing");
        }
    }

    @Test
    void aModuleDependsOnlyOnModulesBeforeIt() {
        classes().should(new ArchCondition<JavaClass>("depend only on modules before their own") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String module = moduleOf(type.getPackageName());
                int own = CHAIN.indexOf(LEAVES.getOrDefault(module, module));
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String targetPackage = dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (!targetPackage.startsWith("dev.joust")) {
                        continue;
                    }
                    String target = moduleOf(targetPackage);
                    if (CHAIN.indexOf(target) > own || (LEAVES.containsKey(target) && !target.equals(module))) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        }).check(ProductClasses.ALL);
    }

    @Test
    void internalPackagesAreSeenByTheirOwnModuleAlone() {
        classes().should(new ArchCondition<JavaClass>("leave other modules' internal packages alone") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String own = moduleOf(type.getPackageName());
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String targetPackage = dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (targetPackage.startsWith("dev.joust." ) && targetPackage.contains(".internal")
                            && !moduleOf(targetPackage).equals(own)) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        }).check(ProductClasses.ALL);
    }

    @Test
    void theFrontDoorIsTheOnlyTypeOfItsPackage() {
        List<String> types = new ArrayList<>();
        for (JavaClass type : ProductClasses.ALL) {
            if (type.getPackageName().equals("dev.joust") && !type.getSimpleName().equals("package-info")) {
                types.add(type.getName());
            }
        }
        assertTrue(types.stream().allMatch(name -> name.equals("dev.joust.Joust")), types::toString);
    }

    @Test
    void whatAnEmbeddedDatabaseLoadsKnowsNoJsonLibrary() {
        // embed and pictures read the JSON of models and captions
        noClasses().that(belongTo("io", "format", "index", "search"))
                .should().dependOnClassesThat().resideInAPackage("com.fasterxml.jackson..")
                .check(ProductClasses.ALL);
    }

    @Test
    void onlyTheServerAndTheCommandLineKnowLoggingAndServerLibraries() {
        noClasses().that(belongTo("io", "format", "index", "search", "embed", "pictures"))
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.slf4j..", "ch.qos.logback..", "java.util.logging..", "org.eclipse.jetty..", "picocli..")
                .check(ProductClasses.ALL);
    }

    private static DescribedPredicate<JavaClass> belongTo(String... modules) {
        return DescribedPredicate.describe(
                "belong to " + List.of(modules), type -> List.of(modules).contains(moduleOf(type.getPackageName())));
    }

    private static String moduleOf(String packageName) {
        String[] parts = packageName.split("\\.", -1);
        return parts.length < 3 ? "search" : parts[2];
    }
}
