/** What every page stands in. */
import type { ReactNode } from "react";
import "./style.css";

export const metadata = { title: "Support desk" };

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <h1>Support desk</h1>
        {process.env.SIMULATED === "1" && (
          <p className="note">
            The model behind this page is a SIMULATION, a small local server that reads its prompt.
          </p>
        )}
        {children}
      </body>
    </html>
  );
}
