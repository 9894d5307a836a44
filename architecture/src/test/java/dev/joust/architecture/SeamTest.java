// SPDX-License-Identifier: Apache-2.0
package dev.joust.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Where foreign types may be seen: Arrow, protobuf and the Vector API each come in at one kind of place.
class SeamTest {
    @Test
    void belowSearchOnlyTheBatchPackageKnowsArrow() {
        noClasses().that().resideInAnyPackage("dev.joust.io..", "dev.joust.format..", "dev.joust.index..")
                .and().resideOutsideOfPackage("dev.joust.format.batch..")
                .should().dependOnClassesThat().resideInAPackage("org.apache.arrow..")
                .check(ProductClasses.ALL);
    }

    @Test
    void onlyCodecsKnowProtobuf() {
        noClasses().that().resideOutsideOfPackage("dev.joust.format.internal.proto..")
                .and().haveNameNotMatching(".*Codec(\\$.*)?")
                .should().dependOnClassesThat().resideInAnyPackage("com.google.protobuf..", "dev.joust.format.internal.proto..")
                .check(ProductClasses.ALL);
    }

    @Test
    void onlySimdPackagesKnowTheVectorApi() {
        noClasses().that().resideOutsideOfPackage("..internal.kernel.simd..")
                .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector..")
                .check(ProductClasses.ALL);
    }

    @Test
    void nothingReachesASimdClassExceptByNameOrFromItsOwnPackage() {
        noClasses().that().resideOutsideOfPackage("..internal.kernel.simd..")
                .should().dependOnClassesThat().resideInAPackage("dev.joust..internal.kernel.simd..")
                .because("such a class cannot be loaded without --add-modules jdk.incubator.vector")
                .check(ProductClasses.ALL);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        Set<String> marked = new TreeSet<>();
        for (JavaClass type : ProductClasses.ALL) {
            if (!type.getPackageName().startsWith("dev.joust.format.internal.proto")) {
                packages.add(type.getPackageName());
            }
            if (type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class)) {
                marked.add(type.getPackageName());
            }
        }
        List<String> unmarked = new ArrayList<>(packages);
        unmarked.removeAll(marked);
        assertEquals(List.of(), unmarked);
    }
}
