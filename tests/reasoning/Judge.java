// Asks HermiT and the OWL API about ontologies: run by hermit.py with `java -cp HermiT.jar Judge.java FILE...`.
// For each file it prints one line a finding, in fields parted by tabs:
//   FILE  consistent | inconsistent | refused (by HermiT, which reasons about OWL 2 DL only)
//   FILE  unsatisfiable  CLASS
//   FILE  not-dl         VIOLATION OF THE OWL 2 DL PROFILE

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

public class Judge {
    public static void main(String[] files) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String file : files) {
            OWLOntology ontology =
                    OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
                out.println(file + "\tnot-dl\t" + violation.toString().replaceAll("\\s+", " "));
            }
            Configuration configuration = new Configuration();
            // HermiT knows the datatypes of OWL 2, to which xsd:date, xsd:gYear and the durations do not belong.
            configuration.ignoreUnsupportedDatatypes = true;
            out.println(file + "\t" + finding(configuration, ontology, file, out));
        }
    }

    private static String finding(Configuration configuration, OWLOntology ontology, String file, PrintStream out) {
        Reasoner reasoner;
        try {
            reasoner = new Reasoner(configuration, ontology);
        } catch (IllegalArgumentException error) {
            return "refused";
        }
        if (!reasoner.isConsistent()) {
            return "inconsistent";
        }
        for (OWLClass none : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
            out.println(file + "\tunsatisfiable\t" + none.getIRI());
        }
        return "consistent";
    }
}
