import type { SeededRandom } from '@lisible/credit';

const women =
  'Adèle Agathe Alice Amandine Amina Anaïs Anne Aurélie Awa Camille Caroline Céline Chloé Claire Clara Danielle Delphine Élise Élodie Émilie Emma Fanny Fatima Florence Françoise Gabrielle Hélène Inès Isabelle Jeanne Julie Juliette Karima Laura Léa Louise Lucie Manon Margaux Marie Mathilde Mélanie Monique Nadia Nathalie Nicole Noémie Océane Pauline Rachida Romane Sandrine Sarah Sophie Stéphanie Sylvie Valérie Véronique Yasmine Zoé'.split(
    ' ',
  );
const men =
  'Adrien Alain Alexandre Amadou Antoine Arnaud Arthur Baptiste Benoît Bernard Bruno Cédric Christophe Clément Daniel David Denis Didier Éric Étienne Fabien Farid Florian François Frédéric Gabriel Gaël Georges Gilles Guillaume Hugo Ibrahim Jacques Jérôme Julien Karim Kevin Laurent Léo Louis Luc Lucas Marc Mathieu Maxime Mehdi Michel Nicolas Olivier Pascal Patrick Paul Philippe Pierre Quentin Rachid Raphaël Romain Sébastien Thierry Thomas Vincent Youssef'.split(
    ' ',
  );
const lastNames =
  'André Aubert Barbier Benali Bernard Bertrand Blanc Bonnet Bouchet Boyer Brun Caron Carpentier Chevalier Clément Colin Cordier Da-Silva David Denis Diallo Dubois Dufour Dumas Dupont Durand Fabre Faure Fernandez Fontaine Fournier Garcia Garnier Gauthier Gérard Girard Guérin Guillot Haddad Henry Hubert Jacquet Joly Lacroix Lambert Laurent Leblanc Leclerc Lefebvre Legrand Lemaire Leroux Leroy Lopez Lucas Mallet Marchand Martin Martinez Masson Mathieu Mercier Meunier Meyer Michel Moreau Morel Morin Moulin Nguyen Nicolas Noël Olivier Perrin Petit Philippe Picard Pierre Prévost Rémy Renard Renaud Rey Richard Rivière Robert Robin Roche Rousseau Roussel Roux Roy Schmitt Simon Thomas Traoré Vasseur Vidal Vincent Weber'.split(
    ' ',
  );

/** A first and a last name put together at random: nobody's. */
export const drawName = (sex: 'F' | 'M' | 'XNA', random: SeededRandom): { readonly firstName: string; readonly lastName: string } => {
  const firstNames = sex === 'M' ? men : women;
  return {
    firstName: firstNames[random.integer(firstNames.length)] ?? '',
    lastName: (lastNames[random.integer(lastNames.length)] ?? '').replaceAll('-', ' '),
  };
};
